"""Takes back claims that nobody carries out: a dead process's, those lost by a mistake, those a stop leaves."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Collection, Iterable

from bot.log import Event
from bot.model.clock import Clock
from bot.model.delivery import Delivery, Lane, Outcome, State
from bot.outbox.ledger import Ledger
from bot.outbox.result_writer import ResultWriter
from bot.store.engine.database import UNAVAILABLE

log = logging.getLogger(__name__)

TAKE_BACK_SECONDS = 30.0
SETTLE_SECONDS = 1.5


class Reclaim:
    """Lets claims wait again. `allowed` says no where they are another process's by now."""

    def __init__(
        self, ledger: Ledger, clock: Clock, writer: ResultWriter, *, allowed: Callable[[], bool]
    ) -> None:
        self._ledger = ledger
        self._clock = clock
        self._writer = writer
        self._allowed = allowed
        self._began = False
        self._looked_at = 0.0

    async def from_the_dead(self, *, doubtful: Collection[Lane]) -> None:
        """Take back, once, what an earlier process had claimed; in the `doubtful` lanes it is in doubt."""
        if self._began:
            return
        count = await self._ledger.take_back(doubtful=doubtful)
        self._began = True
        if count:
            log.warning(Event("deliveries.reclaimed", count=count, reason="died"))

    async def lost(self) -> None:
        """Take back claims whose lease is over, now and then.

        To be called while nothing is on its way: that may outlive its lease (a long wait that Telegram asked
        for, a clock that jumped), and taken back it would go out twice.
        """
        now = asyncio.get_running_loop().time()
        if now - self._looked_at < TAKE_BACK_SECONDS:
            return
        self._looked_at = now
        await self._writer.written()
        await self._ledger.take_back(self._clock.now())

    async def at_stop(self, unknown: Iterable[Delivery], stepping: asyncio.Lock) -> None:
        """Leave `unknown` in doubt, write all results down and take the rest back, as far as there is time.

        The courier's step must be over for that: it may be about to claim.
        """
        for delivery in unknown:
            await self._writer.put(Outcome(delivery, State.DOUBT, delivery.attempts, reason="stopped"))
        try:
            async with asyncio.timeout(SETTLE_SECONDS):
                await self._writer.written()
                async with stepping:
                    if self._allowed():
                        await self._ledger.take_back()
        except (TimeoutError, *UNAVAILABLE):
            # The next start sends what they are of again.
            log.error(Event("results.lost", reason="stopped"))
