"""Writes results down in small batches: one transaction for many calls, none of them kept for long."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Sequence

from sqlalchemy.exc import SQLAlchemyError

from bot.model.clock import Clock
from bot.model.delivery import Result
from bot.store import outbox
from bot.store.database import Database, writes

log = logging.getLogger(__name__)

FLUSH_SECONDS, AGAIN_SECONDS = 0.05, 1.0

_settle = writes(outbox.settle)


class Settler:
    """Takes results in order and keeps them until they are written, also through a full disk."""

    def __init__(self, db: Database, clock: Clock) -> None:
        self._db = db
        self._clock = clock
        self._held: list[Result] = []
        self._written = asyncio.Condition()
        self._count = 0
        self._flusher: asyncio.Task[None] | None = None

    async def put(self, *results: Result) -> None:
        """Return when the results are written down."""
        self._held.extend(results)
        wanted = self._count + len(self._held)
        if self._flusher is None or self._flusher.done():
            self._flusher = asyncio.create_task(self._soon())
        async with self._written:
            await self._written.wait_for(lambda: self._count >= wanted)

    async def flush(self) -> None:
        """Write down what is held, once."""
        batch, self._held = self._held, []
        if batch:
            await self._write(batch)

    async def _soon(self) -> None:
        await asyncio.sleep(FLUSH_SECONDS)
        while self._held:
            batch, self._held = self._held, []
            while not await self._write(batch):  # noqa: ASYNC110 (a full disk has no event to wait for)
                await asyncio.sleep(AGAIN_SECONDS)

    async def _write(self, batch: Sequence[Result]) -> bool:
        try:
            await _settle(self._db, batch, self._clock.now())
        except SQLAlchemyError as error:
            log.error("results can't be written (%s); they are kept and tried again", error)
            return False
        async with self._written:
            self._count += len(batch)
            self._written.notify_all()
        return True
