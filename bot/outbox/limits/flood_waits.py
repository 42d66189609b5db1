"""Waits that Telegram asked of the whole bot: kept, so that a restart waits on."""

from __future__ import annotations

import asyncio
import logging
from datetime import datetime, timedelta

from bot.log import Event
from bot.model.clock import Clock
from bot.store.engine.database import UNAVAILABLE, Database, why
from bot.store.operations import bots

log = logging.getLogger(__name__)

LEAST_SECONDS = 1.0
"""What is shorter, or longer than what is kept by less, is over before it could matter."""


class FloodWaits:
    """Keeps until when everything waits. A chat's own wait is kept with its delivery's result."""

    def __init__(self, db: Database, bot_id: int, clock: Clock) -> None:
        self._db = db
        self._bot_id = bot_id
        self._clock = clock
        self._kept: datetime | None = None
        self._writing: set[asyncio.Task[None]] = set()

    def note(self, seconds: float) -> None:
        """Keep that everything waits for so long from now on."""
        until = self._clock.now() + timedelta(seconds=seconds)
        if seconds < LEAST_SECONDS or (self._kept and until - self._kept < timedelta(seconds=LEAST_SECONDS)):
            return
        self._kept = until
        log.warning(Event("pace.paused", seconds=seconds, reason="flood"))
        task = asyncio.create_task(self._write(until))
        self._writing.add(task)
        task.add_done_callback(self._writing.discard)

    async def left(self) -> float:
        """Return for how many seconds a wait of an earlier process still lasts."""
        async with self._db.read() as tx:
            until = await bots.paused_until(tx, self._bot_id)
        return max(0.0, (until - self._clock.now()).total_seconds()) if until else 0.0

    async def _write(self, until: datetime) -> None:
        try:
            async with self._db.write() as tx:
                await bots.pause(tx, self._bot_id, until)
        except UNAVAILABLE as error:
            log.error(Event("flood_wait.lost", reason=why(error)))
