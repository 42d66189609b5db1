"""What the courier asks of the ledger, each in a transaction of its own."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime, timedelta

from bot.metrics.outcomes import count_skipped
from bot.model.clock import Clock
from bot.model.delivery import Delivery, Lane
from bot.store.engine.database import Database
from bot.store.ledger import claims
from bot.store.ledger.claims import Claimed

LEASE = timedelta(minutes=5)
"""How long a claim holds: when a process dies, its claims wait again after that."""


class Ledger:
    """One bot's deliveries: claimed, looked at, taken back."""

    def __init__(self, db: Database, bot_id: int) -> None:
        self._db = db
        self._bot_id = bot_id

    async def claim(self, lane: Lane, now: datetime, most: int) -> list[Delivery]:
        """Take at most so many due deliveries of a lane, in order. Those that are skipped instead are counted."""
        async with self._db.write() as tx:
            claim = await claims.claim(tx, self._bot_id, lane, now, limit=most, lease=LEASE)
        if claim.skipped:
            count_skipped(lane, claim.skipped)
        return claim.deliveries

    async def lanes_due(self, now: datetime) -> Collection[Lane]:
        """Return the lanes in which something is due."""
        async with self._db.read() as tx:
            return await claims.lanes_due(tx, self._bot_id, now)

    async def claimed(self) -> list[Claimed]:
        """Return what is wanted now of every delivery that is claimed."""
        async with self._db.read() as tx:
            return await claims.claimed(tx, self._bot_id)

    async def take_back(self, now: datetime | None = None, *, doubtful: Collection[Lane] = ()) -> int:
        """Let claims wait again whose lease is over by `now`, or all claims; return how many there were.

        First sends in the lanes that are `doubtful` are in doubt instead.
        """
        async with self._db.write() as tx:
            return await claims.take_back(tx, self._bot_id, now, doubtful=doubtful)

    async def set_back(self, clock: Clock, by: timedelta) -> None:
        """Keep the distance of every due time to now, after the clock was set back by `by`."""
        async with self._db.write() as tx:
            await claims.set_back(tx, self._bot_id, clock, by)
