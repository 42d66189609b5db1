"""Fills the index of the archive with what was published before there was an index, some stories at a time."""

from __future__ import annotations

import asyncio
import logging
from datetime import datetime

from bot.log import Event
from bot.store.engine.database import Database
from bot.store.newsroom import articles
from bot.store.newsroom.search import index

log = logging.getLogger(__name__)

AT_ONCE, ROUNDS = 20, 10
"""How many stories one transaction puts in (some 20 ms), and how many transactions one look makes."""

REST_SECONDS = 0.05
"""The rest between two transactions, so that the one writer is mostly free for deliveries."""


class ArchiveIndex:
    """Puts stories into the index, the newest first, until none is missing.

    What is there already is not made again: whoever breaks off loses nothing.
    """

    def __init__(self, db: Database) -> None:
        self._db = db
        self._below: int | None = None
        self.filled = False
        self._put = 0

    async def look(self, _now: datetime) -> None:
        """Put the next stories in; once the index is whole, do nothing."""
        for _ in range(ROUNDS):
            if self.filled:
                return
            await self.step()
            await asyncio.sleep(REST_SECONDS)

    async def step(self) -> None:
        """Put the next few stories in."""
        # What to do is read beside the writer: among a hundred thousand stories that takes a while.
        async with self._db.read() as tx:
            wanted = await index.unwritten(tx, self._below, AT_ONCE)
        if not wanted:
            self.filled = True
            if self._put:
                log.info(Event("search.filled", stories=self._put))
            return
        async with self._db.write() as tx:
            # As they stand now: meanwhile one may have been taken back.
            await index.put(tx, *await articles.many(tx, wanted))
        self._below, self._put = wanted[-1], self._put + len(wanted)
