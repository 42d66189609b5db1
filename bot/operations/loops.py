"""The loops of a running bot: each is begun again where it breaks off."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable

from bot.log import Event, Outage
from bot.store.engine.database import UNAVAILABLE, why

log = logging.getLogger(__name__)

AGAIN_SECONDS = 5.0
"""How long a loop that broke off rests before it is begun again."""


class Loops:
    """Runs loops as tasks, under a name each, until stopped."""

    def __init__(self) -> None:
        self._tasks: dict[str, asyncio.Task[None]] = {}
        self._once: set[str] = set()

    def keep(self, name: str, work: Callable[[], Awaitable[None]]) -> None:
        """Run `work` until it returns; after an exception (a locked database, a full disk) begin it again."""
        self._tasks[name] = asyncio.create_task(self._kept(name, work, again=True), name=name)

    def once(self, name: str, work: Callable[[], Awaitable[None]]) -> None:
        """Run `work` once; an exception is logged, and nothing else becomes of it."""
        self._once.add(name)
        self._tasks[name] = asyncio.create_task(self._kept(name, work, again=False), name=name)

    @property
    def ended(self) -> list[str]:
        """The names of loops that run no more, though they should."""
        return [name for name, task in self._tasks.items() if task.done() and name not in self._once]

    def cancel(self, name: str) -> None:
        """End one loop at once."""
        self._tasks[name].cancel()

    async def stop(self) -> None:
        """End all loops at once, and wait until they have ended."""
        for task in self._tasks.values():
            task.cancel()
        if self._tasks:
            await asyncio.wait(self._tasks.values())

    async def _kept(self, name: str, work: Callable[[], Awaitable[None]], *, again: bool) -> None:
        while True:
            try:
                await work()
                return
            except UNAVAILABLE as error:
                log.error(Outage("loop.failed", loop=name, reason=why(error), again_in=AGAIN_SECONDS))
            except Exception:
                log.exception(Event("loop.failed", loop=name, reason="mistake", again_in=AGAIN_SECONDS))
            if not again:
                return
            await asyncio.sleep(AGAIN_SECONDS)
