"""Errands: what a handler leaves to be done beside it, so that the next message or press need not wait for that."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable, Hashable

from bot.log import Event, Outage
from bot.store.engine.database import UNAVAILABLE, why

log = logging.getLogger(__name__)

Errand = Callable[[], Awaitable[None]]


class Errands:
    """Runs errands side by side, those of one key one after the other.

    Of the errands of a key that wait, the last alone is run: each shows a thing as it stands then, so that the ones
    before would show what is shown anew at once.
    """

    def __init__(self) -> None:
        self._waiting: dict[Hashable, Errand] = {}
        self._running: dict[Hashable, asyncio.Task[None]] = {}
        self.unhurried = asyncio.Lock()
        """Held while something is read and rendered that nobody waits for: who waits has one of those before them at
        most."""

    def ask(self, key: Hashable, errand: Errand) -> None:
        """Have an errand run now, or when the errand of the same key that runs has ended."""
        self._waiting[key] = errand
        if key not in self._running:
            self._running[key] = asyncio.create_task(self._run(key))

    def runs(self, key: Hashable) -> bool:
        """Return whether an errand of that key runs or waits."""
        return key in self._running

    async def settle(self) -> None:
        """Wait until no errand runs or waits."""
        while self._running:
            await asyncio.wait(list(self._running.values()))

    async def ended(self, key: Hashable) -> None:
        """Wait until no errand of that key runs or waits."""
        while (task := self._running.get(key)) is not None:
            await asyncio.wait((task,))

    async def close(self, seconds: float) -> None:
        """Wait so long at most for all errands, then break them off."""
        tasks = list(self._running.values())
        if tasks:
            await asyncio.wait(tasks, timeout=seconds)
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    async def _run(self, key: Hashable) -> None:
        try:
            while (errand := self._waiting.pop(key, None)) is not None:
                await _done(errand)
        finally:
            del self._running[key]


async def _done(errand: Errand) -> None:
    try:
        await errand()
    except UNAVAILABLE as error:
        log.error(Outage("errand.failed", reason=why(error)))
    except Exception:
        log.exception(Event("errand.failed", reason="mistake"))
