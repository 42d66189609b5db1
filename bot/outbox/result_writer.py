"""Writes results down in small batches: one transaction for many calls, none of them kept for long."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Sequence

from bot.log import Event, Outage
from bot.model.clock import Clock
from bot.model.delivery import Result
from bot.outbox.delivery_log import fields
from bot.store.engine.database import UNAVAILABLE, Database, why
from bot.store.ledger import results

log = logging.getLogger(__name__)

FLUSH_SECONDS, AGAIN_SECONDS = 0.1, 1.0
MOST_HELD = 512
"""Results; a crash loses no more than these and what is being written, and those calls are made again."""


class ResultWriter:
    """Takes results in order and keeps them until they are written, also through a full disk."""

    def __init__(self, db: Database, clock: Clock) -> None:
        self._db = db
        self._clock = clock
        self._held: list[Result] = []
        self._put = self._written = 0
        self._progress = asyncio.Condition()
        self._flusher: asyncio.Task[None] | None = None
        self._hurry = asyncio.Event()

    @property
    def task(self) -> asyncio.Task[None] | None:
        """The task that writes; whoever ends all at once cancels it."""
        return self._flusher

    async def put(self, *made: Result) -> None:
        """Take results; return at once unless too many are not written yet."""
        self._held.extend(made)
        self._put += len(made)
        if self._flusher is None or self._flusher.done():
            self._flusher = asyncio.create_task(self._flush_soon())
        if len(self._held) >= MOST_HELD:
            self._hurry.set()
            await self._until(self._put - MOST_HELD)

    async def written(self) -> None:
        """Return when all that was put so far is written down."""
        self._hurry.set()
        await self._until(self._put)

    async def _until(self, count: int) -> None:
        async with self._progress:
            await self._progress.wait_for(lambda: self._written >= count)

    async def _flush_soon(self) -> None:
        while self._held:
            try:
                async with asyncio.timeout(FLUSH_SECONDS):
                    await self._hurry.wait()
            except TimeoutError:
                pass
            self._hurry.clear()
            batch, self._held = self._held, []
            while not await self._write(batch):  # noqa: ASYNC110 (a full disk has no event to wait for)
                await asyncio.sleep(AGAIN_SECONDS)

    async def _write(self, batch: Sequence[Result]) -> bool:
        try:
            async with self._db.write() as tx:
                await results.settle(tx, batch, self._clock.now())
        except UNAVAILABLE as error:
            log.error(Outage("results.kept", reason=why(error), count=len(batch)))
            return False
        except Exception:
            if len(batch) > 1:
                return await self._write_singly(batch)
            # The lease of its delivery will run out.
            log.exception(Event("result.lost", reason="mistake", **fields(batch[0].delivery)))
        async with self._progress:
            self._written += len(batch)
            self._progress.notify_all()
        return True

    async def _write_singly(self, batch: Sequence[Result]) -> bool:
        """Find the one that is wrong: dropped with it, the others would all be sent again."""
        for result in batch:
            while not await self._write([result]):  # noqa: ASYNC110
                await asyncio.sleep(AGAIN_SECONDS)
        return True
