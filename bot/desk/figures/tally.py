"""Keeps figures up to date: of what goes out and what ended, and of the audiences.

A push is counted at growing intervals while more may become of it, a last time once it has ended or is a day old. So
what is shown costs little, and outlives the deliveries, which are forgotten after `LEDGER_DAYS`.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from datetime import datetime, timedelta

from bot.model.figures.counts import PushCount
from bot.store.audience import audiences
from bot.store.engine.database import Database
from bot.store.ledger import bulletins, push_counts
from bot.store.newsroom import topics

AT_ONCE = 50
"""How many pushes are counted at most when the time has come to look."""

SOONEST, SHARE = timedelta(seconds=15), 4
"""A push that is still open is counted again after a quarter of its age, and at least after this."""

LONGEST = timedelta(days=1)
"""Whatever is open after that (a pause that lasts) is counted no more: its deliveries may be forgotten soon."""

RESTS = 200
"""Between two counts of the audiences the bot rests for so many times as long as the count took."""


async def count_pushes(db: Database, now: datetime) -> None:
    """Count the pushes whose time has come, each in transactions of its own: one of a million takes a second."""
    async with db.read() as tx:
        due = await push_counts.due(tx, now, AT_ONCE)
    for bulletin_id in due:
        async with db.read() as tx:
            found = await push_counts.count(tx, bulletin_id)
            told = await bulletins.get(tx, bulletin_id)
        if found is None or told is None:
            continue
        is_open = found.waiting > 0 or (told.planned_at is None and told.stopped_at is None)
        async with db.write() as tx:
            await push_counts.keep(tx, found, _again(found, now) if is_open else None)


def _again(found: PushCount, now: datetime) -> datetime | None:
    age = now - found.started_at
    return now + max(SOONEST, age / SHARE) if age < LONGEST else None


class Audiences:
    """Counts how many chats there are by kind and topic: at each look where that is quick, else more rarely."""

    def __init__(self, db: Database, bot_id: int, clock: Callable[[], float] = time.monotonic) -> None:
        self._db = db
        self._bot_id = bot_id
        self._clock = clock
        self._rests_until = 0.0

    async def look(self, _now: datetime) -> None:
        """Count, unless the last count is too fresh for what it cost."""
        begun = self._clock()
        if begun < self._rests_until:
            return
        await count_audiences(self._db, self._bot_id)
        ended = self._clock()
        self._rests_until = ended + RESTS * (ended - begun)


async def count_audiences(db: Database, bot_id: int) -> None:
    """Count a bot's chats by kind, and those that each topic reaches, and keep the counts."""
    async with db.read() as tx:
        known = await topics.load(tx)
        counts = {f"kind:{kind}": chats for kind, chats in (await audiences.by_kind(tx, bot_id)).items()}
    for each in known.all:
        # A short transaction for each: a long one would keep the log of the writer from being emptied.
        async with db.read() as tx:
            reached = await audiences.of_topic(tx, bot_id, known.chain(each.id))
        counts[f"topic:{each.id}"] = reached
    async with db.write() as tx:
        await audiences.keep(tx, bot_id, counts)
