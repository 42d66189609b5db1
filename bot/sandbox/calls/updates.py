"""A bot's queue of updates, and the long polls that fetch them.

Lifetimes, the conflict of two pollers and the meaning of offsets: the Bot API server's `Client.cpp`.
Unlike there, a short poll is never stretched to three seconds.
"""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass

from bot.sandbox.calls.answers import Json, Refusal

DAY = 86_400
CALLBACK_LIFE = 150  # seconds
INLINE_LIFE = 30  # seconds
CHOSEN_LIFE = 600  # seconds
ON_REQUEST = frozenset({"chat_member", "message_reaction", "message_reaction_count"})
FIRST_ID = 500_000_001

TAKEN_OVER = (
    "Conflict: terminated by other getUpdates request; make sure that only one bot instance is running"
)


@dataclass(slots=True)
class Waiting:
    """An update that is neither confirmed nor expired."""

    id: int
    expires: float
    update: Json


class UpdateQueue:
    """The updates of one bot, oldest first."""

    def __init__(self, now: Callable[[], float]) -> None:
        self.now = now
        self._waiting: deque[Waiting] = deque()
        self._next_id = FIRST_ID
        self._poll: asyncio.Future[None] | None = None
        self._to_spoil = 0
        self.allowed: frozenset[str] | None = None
        self.polls = 0
        self.arrived = asyncio.Event()
        """Set when there is something new; a webhook clears it."""

    def __len__(self) -> int:
        self._expire()
        return len(self._waiting)

    @property
    def polling(self) -> bool:
        """Whether a long poll waits at this moment."""
        return self._poll is not None and not self._poll.done()

    def wants(self, kind: str) -> bool:
        """Tell whether the bot asked for updates of this kind."""
        return kind in self.allowed if self.allowed else kind not in ON_REQUEST

    def put(self, kind: str, payload: Json, life: float = DAY) -> bool:
        """Queue an update for `life` seconds; return False where the bot does not want its kind."""
        if not self.wants(kind):
            return False
        if self._to_spoil:
            self._to_spoil -= 1
            payload = {**payload, "from": {"id": "undecodable"}}
        update = {"update_id": self._next_id, kind: payload}
        self._waiting.append(Waiting(self._next_id, self.now() + life, update))
        self._next_id += 1
        self.arrived.set()
        if self.polling and self._poll is not None:
            self._poll.set_result(None)
        return True

    def spoil_next(self, count: int = 1) -> None:
        """Make the next updates undecodable for any client."""
        self._to_spoil += count

    def confirm(self, offset: int) -> None:
        """Drop the updates older than `offset`; a negative offset keeps that many of the newest."""
        if offset < 0:
            while len(self._waiting) > -offset:
                self._waiting.popleft()
        while offset > 0 and self._waiting and self._waiting[0].id < offset:
            self._waiting.popleft()

    def take(self, limit: int) -> list[Json]:
        """Return the oldest updates; they stay until they are confirmed."""
        self._expire()
        return [self._waiting[i].update for i in range(min(limit, len(self._waiting)))]

    def waiting_after(self, last: int) -> list[Waiting]:
        """Return what waits with an id above that, oldest first."""
        self._expire()
        return [each for each in self._waiting if each.id > last]

    def holds(self, waiting: Waiting) -> bool:
        """Return whether an update still waits: it is neither confirmed nor expired."""
        self._expire()
        return waiting in self._waiting

    def forget(self, update_id: int) -> None:
        """Drop one update: a webhook has taken it."""
        self._waiting = deque(each for each in self._waiting if each.id != update_id)

    async def poll(self, offset: int, limit: int, seconds: float) -> list[Json]:
        """Confirm, then return the oldest updates; without any, wait up to `seconds` for the first.

        Raises:
            Refusal: 409, when another poll takes over.
        """
        self.terminate(TAKEN_OVER)
        self.polls += 1
        self.confirm(offset)
        if not (found := self.take(limit)) and seconds > 0:
            poll = self._poll = asyncio.get_running_loop().create_future()
            await asyncio.wait({poll}, timeout=seconds)
            if poll.done():
                poll.result()
            poll.cancel()
            found = self.take(limit)
        return found

    def terminate(self, description: str) -> None:
        """End the long poll that waits, if any, with a 409."""
        if self.polling and self._poll is not None:
            self._poll.set_exception(Refusal(409, description))

    def release(self) -> None:
        """End the long poll that waits, if any, with an empty answer."""
        if self.polling and self._poll is not None:
            self._poll.set_result(None)

    def clear(self) -> None:
        """Drop all updates."""
        self._waiting.clear()

    def _expire(self) -> None:
        now = self.now()
        if any(waiting.expires <= now for waiting in self._waiting):
            self._waiting = deque(w for w in self._waiting if w.expires > now)
