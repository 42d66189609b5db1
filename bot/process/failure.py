"""Why a running bot must end."""

from __future__ import annotations

import asyncio
import logging

from bot.log import Event
from bot.model.errors import SetupError

log = logging.getLogger(__name__)


class TakenOver(SetupError):
    """Another process has taken a role of this one: whoever ran the bot may stand by again."""


class Failure:
    """Why the bot can't go on, once there is such a reason."""

    def __init__(self) -> None:
        self.reason = ""
        self.taken_over = False
        self._told = asyncio.Event()

    def tell(self, reason: str) -> None:
        """Say in one sentence why the bot must end."""
        log.error(Event("bot.failed", reason=reason))
        self.reason = reason
        self._told.set()

    def lost(self) -> None:
        """Say that another process has taken a role of this one."""
        self.taken_over = True
        self.tell("another process speaks for this bot now")

    async def token_refused(self) -> None:
        """Say that Telegram no longer knows the token."""
        self.tell("BOT_TOKEN was refused by Telegram: nothing can be sent with it any more")

    async def wait(self) -> None:
        """Return when there is a reason."""
        await self._told.wait()
