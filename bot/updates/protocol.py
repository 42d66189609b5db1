"""The seam between Telegram and the conversations: where updates come from is nobody else's business."""

from __future__ import annotations

from typing import Protocol


class Door(Protocol):
    """Where Telegram brings updates."""

    async def keep(self, body: bytes) -> bool:
        """Return whether an update is kept, so that Telegram may forget it; False where it must come again."""


class Updates(Protocol):
    """A way to get updates: the bot asks for them (polling), or Telegram calls (a webhook)."""

    @property
    def trouble(self) -> str:
        """Why no updates come at the moment; empty where they come."""

    @property
    def door(self) -> Door | None:
        """Where Telegram brings updates; None where the bot asks for them."""

    async def run(self) -> None:
        """Take updates and have them handled until `stop` is called. May be called again where it failed."""

    async def stop(self, seconds: float) -> None:
        """Take no more, handle what was taken within so many seconds, and leave the rest to the next start."""
