"""Tells the live page, and waiters for a condition, that something has changed."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Any

from bot.sandbox.calls.answers import Json

Listener = Callable[[Json], None]


class Changes:
    """A bell: listeners get each event, waiters are woken once for a burst of events."""

    def __init__(self) -> None:
        self.listeners: list[Listener] = []
        self._next: asyncio.Future[None] | None = None

    def tell(self, kind: str, **fields: Any) -> None:
        """Hand the event to the listeners and wake the waiters."""
        if self.listeners:
            event = {"type": kind, **fields}
            for listen in tuple(self.listeners):
                listen(event)
        self.wake()

    def wake(self) -> None:
        """Wake the waiters without an event (something changed that the page does not show)."""
        if self._next is not None and not self._next.done():
            self._next.set_result(None)

    async def wait(self) -> None:
        """Return after the next change."""
        if self._next is None or self._next.done():
            self._next = asyncio.get_running_loop().create_future()
        await asyncio.shield(self._next)

    async def until(self, predicate: Callable[[], Any], timeout: float) -> Any:
        """Return the predicate's first true value.

        Raises:
            TimeoutError: `timeout` seconds went by without one.
        """
        async with asyncio.timeout(timeout):
            while not (value := predicate()):
                await self.wait()
            return value
