"""Counts of a story's chats, shared by all who look at its card: a push of a million takes a second to count.

What was counted serves a moment more, the longer the more chats there are; of few chats it is counted each time. Any
deed on the story, and any change of its push, makes it be counted anew.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable, Hashable
from dataclasses import dataclass, field
from typing import Any, NamedTuple, TypeVar

from bot.store.engine.database import Database, Transaction

Found = TypeVar("Found")

FEW_CHATS = 5_000
"""Up to so many are counted each time."""

SECONDS_FOR_A_CHAT = 15e-6
"""How long a count serves for each chat: some twenty times what counting the chat takes."""

LONGEST_SECONDS, LONGEST_SETTLED_SECONDS = 5.0, 60.0
"""How long a count serves at most; and one of which nothing waits any more, which only a deed could change."""


class Size(NamedTuple):
    """How many chats were counted, and whether nothing waits any more."""

    chats: int
    settled: bool


@dataclass(slots=True)
class _Kept:
    lock: asyncio.Lock = field(default_factory=asyncio.Lock)
    state: Hashable = None
    found: Any = None
    until: float = 0.0


class Counts:
    """What was counted a moment ago, by name. It begins empty: whoever comes after a restart counts anew."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._kept: dict[Hashable, _Kept] = {}

    async def of(
        self,
        db: Database,
        name: Hashable,
        state: Hashable,
        *,
        count: Callable[[Transaction], Awaitable[Found]],
        size: Callable[[Found], Size],
    ) -> Found:
        """Return what `count` returns, or returned a moment ago for the same `state`. Several who ask wait for one."""
        kept = self._kept.setdefault(name, _Kept())
        async with kept.lock:
            if kept.state == state and self._clock() < kept.until:
                found: Found = kept.found
                return found
            async with db.read() as tx:
                found = await count(tx)
            kept.state, kept.found, kept.until = state, found, self._clock() + _serves(size(found))
        self._forget()
        return found

    def _forget(self) -> None:
        now = self._clock()
        over = [name for name, each in self._kept.items() if each.until <= now and not each.lock.locked()]
        for name in over:
            del self._kept[name]


def _serves(size: Size) -> float:
    if size.chats <= FEW_CHATS:
        return 0.0
    longest = LONGEST_SETTLED_SECONDS if size.settled else LONGEST_SECONDS
    return min(longest, size.chats * SECONDS_FOR_A_CHAT * (10 if size.settled else 1))
