"""Moves what was written from SQLite's write-ahead log into the file.

By itself SQLite does so in the middle of a commit, which then waits for the disk
(sqlite.org/wal.html, "Application-Initiated Checkpoints"). Here a connection of its own does it, beside the writer;
where SQLite has the WAL-reset bug, between two of the writer's transactions, in which no process can commit.
"""

from __future__ import annotations

import asyncio
import logging
import sqlite3
from collections.abc import Callable
from contextlib import AbstractAsyncContextManager, closing, nullcontext
from pathlib import Path

from sqlalchemy.exc import SQLAlchemyError

from bot.log import Event

log = logging.getLogger(__name__)

SECONDS = 0.25
"""How long after a commit at the soonest."""


class Checkpoints:
    """Moves the pages of a file's log soon after each `wrote`, over connections of its own.

    `alone` begins a transaction that keeps every other writer out; None where pages move beside writers.
    """

    def __init__(
        self, path: str, alone: Callable[[], AbstractAsyncContextManager[object]] | None = None
    ) -> None:
        self._path = path
        self._alone = alone or nullcontext
        self._again = False
        self._closing = asyncio.Event()
        self._task: asyncio.Task[None] | None = None

    def wrote(self) -> None:
        """Say that something was committed."""
        self._again = True
        if self._task is None or self._task.done():
            self._task = asyncio.create_task(self._run())

    async def close(self) -> None:
        """End what is under way; SQLite itself moves the rest when its last connection closes."""
        self._closing.set()
        if self._task is not None:
            await asyncio.wait([self._task])

    async def _run(self) -> None:
        while self._again and not self._closing.is_set():
            self._again = False
            try:
                async with asyncio.timeout(SECONDS):
                    await self._closing.wait()
            except TimeoutError:
                await self._move()

    async def _move(self) -> None:
        try:
            async with self._alone():
                await asyncio.to_thread(_move, self._path)
        except SQLAlchemyError as error:
            log.debug(Event("checkpoint.failed", reason=type(error).__name__))


def _move(path: str) -> None:
    try:
        # A file that was taken away meanwhile must not be made anew.
        address = f"{Path(path).absolute().as_uri()}?mode=rw"
        with closing(sqlite3.connect(address, timeout=0, uri=True)) as connection:
            connection.execute("PRAGMA wal_checkpoint(PASSIVE)")
    except sqlite3.Error as error:
        # Nothing is lost: the log keeps it, and who writes next is told what is wrong.
        log.debug(Event("checkpoint.failed", error=type(error).__name__))
