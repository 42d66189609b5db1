"""Whose turn it is: one update of a chat at a time, many chats at once. What is urgent has a queue of its own."""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Awaitable, Callable

from bot.updates.albums import Queue, Turn

AT_ONCE = 200
"""Chats that are served at the same time: a handler mostly waits, for its slot in the pace or for the database."""


class Queues:
    """A queue for each chat that has something waiting; chats take turns, so that none is served twice in a row.

    What is urgent in a chat waits in a second queue, for what is urgent there too and for presses of cards alone.
    """

    def __init__(self, serve: Callable[[Turn], Awaitable[None]], at_once: int = AT_ONCE) -> None:
        self._serve = serve
        self._at_once = at_once
        self._queues: dict[Queue, deque[Turn]] = {}
        self._next: deque[Queue] = deque()
        self._running: set[asyncio.Task[None]] = set()
        self._served = asyncio.Event()
        self._closed = False
        self.waiting = 0

    def put(self, turn: Turn) -> None:
        """Have the turn served after all that wait in the same queue."""
        self.waiting += 1
        name = turn.queue
        ahead = self._queues.get((turn.chat, False), ())
        if turn.parts[0].urgent and any(each.parts[0].of_card for each in ahead):
            # The press before may be the one that sends what this one stops.
            name = (turn.chat, False)
        queue = self._queues.get(name)
        if queue is not None:
            queue.append(turn)
            return
        self._queues[name] = deque([turn])
        self._next.append(name)
        self._go_on()

    async def fewer(self, most: int) -> None:
        """Wait until fewer than `most` turns are waiting or being served."""
        while self.waiting >= most:
            self._served.clear()
            await self._served.wait()

    async def close(self, seconds: float) -> None:
        """Serve what waits within so many seconds; cancel what is being served then, and leave the rest."""
        try:
            async with asyncio.timeout(seconds):
                await self.fewer(1)
        except TimeoutError:
            self._closed = True
            for task in self._running:
                task.cancel()
            await asyncio.gather(*self._running, return_exceptions=True)

    def _go_on(self) -> None:
        while self._next and len(self._running) < self._at_once and not self._closed:
            task = asyncio.create_task(self._serve_next(self._next.popleft()))
            self._running.add(task)
            task.add_done_callback(self._ended)

    async def _serve_next(self, name: Queue) -> None:
        queue = self._queues[name]
        try:
            await self._serve(queue[0])
        finally:
            self.waiting -= 1
            queue.popleft()
            if queue:
                self._next.append(name)
            else:
                del self._queues[name]

    def _ended(self, task: asyncio.Task[None]) -> None:
        self._running.discard(task)
        self._served.set()
        self._go_on()
