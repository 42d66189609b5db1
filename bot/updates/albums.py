"""Albums: Telegram sends their messages one by one, and they are handled as one."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field

from bot.updates.update import Incoming

QUIET = 0.5
"""Seconds without a further message after which an album is whole: Telegram does not say how many come."""


Queue = tuple[int, bool]
"""A chat, and whether it is the queue of what is urgent in that chat."""


@dataclass(slots=True)
class Turn:
    """What is handled at once: one update, or the messages of an album. `at` is when the last of them came."""

    parts: list[Incoming]
    at: float = field(default_factory=lambda: asyncio.get_running_loop().time())

    @property
    def chat(self) -> int:
        """The chat whose turn it is."""
        return self.parts[0].chat

    @property
    def queue(self) -> Queue:
        """The queue in which it waits."""
        return self.chat, self.parts[0].urgent


class Albums:
    """Gathers an album's messages in the place of the first, while that waits for its turn and a little longer."""

    def __init__(self, quiet: float = QUIET) -> None:
        self._quiet = quiet
        self._open: dict[tuple[int, str], Turn] = {}

    def turn(self, update: Incoming) -> Turn | None:
        """Return a new turn for the update, or None where it has joined the album that it belongs to."""
        if not update.album:
            return Turn([update])
        key = (update.chat, update.album)
        if known := self._open.get(key):
            known.parts.append(update)
            known.at = asyncio.get_running_loop().time()
            return None
        new = self._open[key] = Turn([update])
        return new

    async def whole(self, turn: Turn) -> None:
        """Wait until no more messages come to the turn's album; return at once where it is none."""
        first = turn.parts[0]
        if not first.album:
            return
        loop = asyncio.get_running_loop()
        left = turn.at + self._quiet - loop.time()
        while left > 0:
            await asyncio.sleep(left)
            left = turn.at + self._quiet - loop.time()
        del self._open[first.chat, first.album]
