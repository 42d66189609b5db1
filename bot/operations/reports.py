"""Writes down the troubles that one process knows of by itself, so that every process sees them."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime, timedelta

from bot.operations.status import Trouble
from bot.store.engine.database import Database
from bot.store.operations.troubles import known
from bot.store.operations.troubles.known import KnownTrouble

AGAIN = timedelta(minutes=1)
"""What is still there is written again after so long: a row of a process that has ended grows old."""


class TroubleReports:
    """What this process has reported of one bot, by who reports it. Nothing is written where nothing has changed."""

    def __init__(self, db: Database, bot_id: int) -> None:
        self._db = db
        self._bot_id = bot_id
        self._written: dict[str, tuple[datetime, dict[str, KnownTrouble]]] = {}

    async def note(self, of: str, found: Collection[Trouble], now: datetime) -> None:
        """Report that these are all the troubles `of` that part of the work."""
        there = {each.key: KnownTrouble(each.key, each.talk, each.facts) for each in found}
        at, before = self._written.get(of, (now, {}))
        # Also where the clock was set back.
        if there == before and (not there or timedelta() <= now - at < AGAIN):
            return
        async with self._db.write() as tx:
            await known.end(tx, self._bot_id, before.keys() - there.keys())
            await known.put(tx, self._bot_id, there.values(), now)
        self._written[of] = (now, there)
