"""Looks, at its own pace, at what a question over HTTP must not look at: the database and the disk."""

from __future__ import annotations

import asyncio
import shutil
import time
from collections.abc import Callable
from pathlib import Path

from bot.model.clock import Clock
from bot.store.engine.database import UNAVAILABLE, Database, why
from bot.store.newsroom import feeds
from bot.store.operations import bots

PROBE_SECONDS = 5.0
"""How often the probe looks. Whoever asks is told what was found last: questions cost the database nothing."""

LEDGER_SECONDS = 15.0
"""After so long without a transaction that was written the ledger counts as one that can't be written."""

FEED_FAILURES = 3
"""A feed that failed so many times in a row is failing."""

LEAST_FREE = 256 * 1024**2
"""Bytes that must be free where the SQLite file stands: its log may grow by 64 MB before it is moved into the file."""


class Probe:
    """What is known of one bot's database, feeds and disk. `least_free` is in bytes."""

    def __init__(
        self,
        db: Database,
        bot_id: int,
        clock: Clock,
        *,
        least_free: int = LEAST_FREE,
        seconds: Callable[[], float] = time.monotonic,
    ) -> None:
        self._db = db
        self._bot_id = bot_id
        self._clock = clock
        self._least_free = least_free
        self._seconds = seconds
        self._written_at = seconds()
        self._refused = ""
        self.feeds = self.disk = ""

    @property
    def ledger(self) -> str:
        """Why the ledger can't be written; empty where it can. Also where a statement hangs and says nothing."""
        if self._refused:
            return self._refused
        silent = self._seconds() - self._written_at
        return f"nothing could be written for {silent:.0f} seconds" if silent > LEDGER_SECONDS else ""

    async def look(self) -> None:
        """Look at the disk, write a row, and look at the feeds."""
        self.disk = await asyncio.to_thread(_disk, self._db.file, self._least_free)
        try:
            async with self._db.write() as tx:
                # Another value each time: SQLite leaves a page alone that would stay the same.
                await bots.seen(tx, self._bot_id, self._clock.now())
            async with self._db.read() as tx:
                failing = await feeds.all_fail(tx, FEED_FAILURES)
        except UNAVAILABLE as error:
            self._refused = why(error)
            return
        self._written_at, self._refused = self._seconds(), ""
        self.feeds = "every feed in use fails: /status names them" if failing else ""


def _disk(file: Path | None, least: int) -> str:
    """Only where the database is a file: another machine's disk is that machine's business."""
    if file is None:
        return ""
    try:
        free = shutil.disk_usage(file.parent).free
    except OSError as error:
        return f"the disk of the database can't be looked at: {error.strerror}"
    return f"{free // 1024**2} MB are free where the database stands" if free < least else ""
