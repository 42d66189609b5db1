"""What was read a moment ago, shared by all who look: a hundred open pages cost as much as one."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable, Hashable
from dataclasses import dataclass, field
from typing import Any, TypeVar

Found = TypeVar("Found")

RESTS, LONGEST_SECONDS = 10, 30.0
"""What took a second to read serves for ten times as long, and for half a minute at most."""

MOST = 64


@dataclass(slots=True)
class _Kept:
    lock: asyncio.Lock = field(default_factory=asyncio.Lock)
    found: Any = None
    until: float = float("-inf")


class Shared:
    """Keeps what was read, by name, for at least `seconds`, and the longer the more it cost. Bounded."""

    def __init__(
        self,
        seconds: float = 1.0,
        clock: Callable[[], float] = time.monotonic,
        *,
        longest: float = LONGEST_SECONDS,
    ) -> None:
        self._seconds = seconds
        self._longest = longest
        self._clock = clock
        self._kept: dict[Hashable, _Kept] = {}

    async def of(self, name: Hashable, read: Callable[[], Awaitable[Found]]) -> Found:
        """Return what `read` returns, or returned a moment ago. Several who ask wait for one."""
        if name not in self._kept and len(self._kept) >= MOST:
            self._forget()
        kept = self._kept.setdefault(name, _Kept())
        async with kept.lock:
            if self._clock() >= kept.until:
                began = self._clock()
                kept.found = await read()
                ended = self._clock()
                kept.until = ended + min(self._longest, max(self._seconds, RESTS * (ended - began)))
            found: Found = kept.found
            return found

    def __len__(self) -> int:
        """Return how much is kept."""
        return len(self._kept)

    def _forget(self) -> None:
        """Drop what is over; where all of it still serves, the oldest."""
        now = self._clock()
        free = [name for name, each in self._kept.items() if not each.lock.locked()]
        over = [name for name in free if self._kept[name].until <= now] or free[:1]
        for name in over:
            del self._kept[name]
