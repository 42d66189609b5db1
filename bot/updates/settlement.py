"""What was handled is written down, so that no later start handles it again."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Iterable

from bot.log import Outage
from bot.store.engine.database import UNAVAILABLE, Database, why
from bot.store.operations import inbox

log = logging.getLogger(__name__)

AGAIN_SECONDS = 1.0


class Settlement:
    """Settles rows of the inbox: together whatever ends while a transaction is under way.

    `unwritten` are updates that were handed out before they had a row: those wait for it.
    """

    def __init__(self, db: Database, bot_id: int, settled: Callable[[Iterable[int]], None]) -> None:
        """Take who is told which rows are settled."""
        self._db, self._bot_id, self._settled = db, bot_id, settled
        self._handled: list[int] = []
        self._task: asyncio.Task[None] | None = None
        self.unwritten: set[int] = set()

    def finish(self, update_ids: Iterable[int]) -> None:
        """Take note that updates were handled."""
        self._handled += update_ids
        self._soon()

    def written(self, update_ids: Iterable[int]) -> None:
        """Take note that updates have their rows now."""
        self.unwritten.difference_update(update_ids)
        self._soon()

    async def close(self, seconds: float) -> asyncio.Task[None] | None:
        """Wait so long for what is being written down; return what was broken off."""
        if self._task is None:
            return None
        await asyncio.wait({self._task}, timeout=seconds)
        self._task.cancel()
        return self._task

    def _soon(self) -> None:
        if self._handled and (self._task is None or self._task.done()):
            self._task = asyncio.create_task(self._settle())

    async def _settle(self) -> None:
        while update_ids := [each for each in self._handled if each not in self.unwritten]:
            try:
                async with self._db.write() as tx:
                    await inbox.settle(tx, self._bot_id, update_ids)
            except UNAVAILABLE as error:
                log.error(Outage("updates.unsettled", updates=len(update_ids), reason=why(error)))
                await asyncio.sleep(AGAIN_SECONDS)
            else:
                settled = set(update_ids)
                self._handled = [each for each in self._handled if each not in settled]
                self._settled(settled)
