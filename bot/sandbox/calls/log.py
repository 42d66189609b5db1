"""A log of the calls that bots made, the newest few thousand of them."""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass
from typing import Any

from bot.sandbox.calls.answers import Json


@dataclass(slots=True)
class Logged:
    """One call and how it was answered (status 0: the connection was dropped)."""

    n: int
    at: float
    method: str
    bot_id: int
    params: Json
    status: int
    description: str

    @property
    def chat_id(self) -> int | str | None:
        """The chat that the call named."""
        return as_chat_id(self.params.get("chat_id"))

    def view(self) -> Json:
        """Return the call as the control API shows it."""
        return {
            "n": self.n,
            "at": self.at,
            "method": self.method,
            "bot_id": self.bot_id,
            "chat_id": self.chat_id,
            "params": self.params,
            "status": self.status,
            "description": self.description,
        }


def as_chat_id(value: Any) -> int | str | None:
    """Return a chat id as a number where it is one, else as it was given."""
    try:
        return int(value)
    except (TypeError, ValueError):
        return value if isinstance(value, str) else None


class CallLog:
    """The newest calls; `total` counts all there ever were."""

    def __init__(self, keep: int) -> None:
        self._kept: deque[Logged] = deque(maxlen=keep)
        self.total = 0

    def add(
        self, method: str, params: Json, *, at: float, bot_id: int, status: int, description: str
    ) -> Logged:
        """Remember a call."""
        logged = Logged(self.total, at, method, bot_id, params, status, description)
        self._kept.append(logged)
        self.total += 1
        return logged

    def since(self, n: int = 0) -> list[Logged]:
        """Return the kept calls from number `n` on."""
        kept = self._kept
        first = self.total - len(kept)
        return [kept[i] for i in range(max(0, n - first), len(kept))]
