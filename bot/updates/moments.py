"""Questions that are worth an answer for a moment alone: what somebody types now, letter by letter."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable

from bot.log import Event
from bot.metrics import UPDATES_DROPPED
from bot.updates.update import Incoming

log = logging.getLogger(__name__)

REST = 0.3
"""Seconds between two answers to one person: who types fast sees the results of the word, not of each letter."""

LIFE = 10.0
"""Seconds after which nobody looks at an answer any more: Telegram itself takes none much later."""

AT_ONCE, MOST = 8, 500
"""How many are answered at the same time, and how many people may be waiting: of more, the rest is let be."""

Key = tuple[str, int, int | None]


class Moments:
    """Answers the newest question of each person, one at a time. Nothing is kept: an older question is let be."""

    def __init__(
        self,
        serve: Callable[[Incoming], Awaitable[None]],
        over: Callable[[Incoming], None],
        *,
        rest: float = REST,
        life: float = LIFE,
        most: int = MOST,
    ) -> None:
        self._serve, self._over = serve, over
        self._rest, self._life, self._most = rest, life, most
        self._waiting: dict[Key, tuple[float, Incoming]] = {}
        self._tasks: dict[Key, asyncio.Task[None]] = {}
        self._slots = asyncio.Semaphore(AT_ONCE)

    def put(self, update: Incoming) -> None:
        """Have a question answered in the place of that person's last one there; `over` is called when it is done."""
        key = (update.kind, update.chat, update.person)
        if key not in self._tasks and len(self._tasks) >= self._most:
            UPDATES_DROPPED.inc()
            self._over(update)
            return
        if older := self._waiting.get(key):
            self._over(older[1])
        self._waiting[key] = (asyncio.get_running_loop().time(), update)
        if key not in self._tasks:
            self._tasks[key] = asyncio.create_task(self._answer(key))

    async def close(self) -> None:
        """Let be whatever is not answered yet."""
        tasks = list(self._tasks.values())
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    async def _answer(self, key: Key) -> None:
        try:
            while key in self._waiting:
                async with self._slots:
                    await self._answer_one(*self._waiting.pop(key))
                await asyncio.sleep(self._rest)
        finally:
            del self._tasks[key]

    async def _answer_one(self, at: float, update: Incoming) -> None:
        left = at + self._life - asyncio.get_running_loop().time()
        try:
            if left > 0:
                async with asyncio.timeout(left):
                    await self._serve(update)
        except TimeoutError:
            log.info(Event("updates.too_late", update=update.id))
        finally:
            self._over(update)
