"""How many bytes of answers may be in memory at once, whoever asked for them."""

from __future__ import annotations

import asyncio
import time
from collections import deque


class ByteBudget:
    """A number of bytes that tasks share. What a task took is given back when the task ends.

    A task that wants more than is left waits, in order. One task alone may take any number.
    """

    def __init__(self, most: int) -> None:
        self._most = most
        self._taken = 0
        self._waiting: deque[tuple[int, asyncio.Future[None]]] = deque()

    async def take(self, size: int) -> float:
        """Take so many bytes for the current task; return how many seconds that had to wait."""
        task = asyncio.current_task()
        assert task is not None
        began = time.monotonic()
        if self._waiting or not self._fits(size):
            place: asyncio.Future[None] = asyncio.get_running_loop().create_future()
            self._waiting.append((size, place))
            try:
                await place
            except asyncio.CancelledError:
                if place.done() and not place.cancelled():
                    self._give_back(size)
                raise
        else:
            self._taken += size
        task.add_done_callback(lambda _ended: self._give_back(size))
        return time.monotonic() - began

    def _fits(self, size: int) -> bool:
        return not self._taken or self._taken + size <= self._most

    def _give_back(self, size: int) -> None:
        self._taken -= size
        while self._waiting and (self._waiting[0][1].done() or self._fits(self._waiting[0][0])):
            wanted, place = self._waiting.popleft()
            if not place.done():
                self._taken += wanted
                place.set_result(None)
