"""Notices that the clock was set back: what was due by the old time would otherwise wait for it anew."""

from __future__ import annotations

import asyncio
import logging
from datetime import timedelta

from bot.log import Event
from bot.model.clock import Clock
from bot.outbox.ledger import Ledger
from bot.outbox.result_writer import ResultWriter

log = logging.getLogger(__name__)

SET_BACK = timedelta(seconds=3)
"""By how much the clock must fall behind the time that has passed to count as set back."""


class ClockWatch:
    """Compares the clock with the time that has passed. `now` is the clock's at the last look."""

    def __init__(self, clock: Clock, ledger: Ledger, writer: ResultWriter) -> None:
        self._clock = clock
        self._ledger = ledger
        self._writer = writer
        self.now = clock.now()
        self._passed: float | None = None

    def behind(self) -> bool:
        """Return whether the clock was set back since the last look."""
        return self._by() > SET_BACK

    async def look(self) -> bool:
        """Look at the clock. Where it was set back, let what was due be due still, and return True."""
        by = self._by()
        now, passed = self._clock.now(), asyncio.get_running_loop().time()
        if by > SET_BACK:
            log.warning(Event("clock.set_back", seconds=round(by.total_seconds())))
            await self._writer.written()
            await self._ledger.set_back(self._clock, by)
        self.now, self._passed = now, passed
        return by > SET_BACK

    def _by(self) -> timedelta:
        if self._passed is None:
            return timedelta()
        passed = timedelta(seconds=asyncio.get_running_loop().time() - self._passed)
        return self.now + passed - self._clock.now()
