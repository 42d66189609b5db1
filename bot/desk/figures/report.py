"""Whom the daily report goes to: each person once a day, whatever stops and starts meanwhile."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime, timedelta

from bot.desk import staff
from bot.model.newsroom.role import Right
from bot.store.audience import started
from bot.store.engine.database import Database, Transaction
from bot.store.operations.troubles import told

KEPT = timedelta(days=2)
"""Longer than a report may be late."""


async def take(
    db: Database,
    bot_id: int,
    due: datetime,
    *,
    rights: Collection[Right],
    owners: Collection[int],
    at: datetime,
) -> dict[int, str]:
    """Return whom the report that fell due then is to be sent to by now, with their languages, and note them as told.

    It is for the owners and for whoever has one of the rights, where they had started the bot when it fell due.
    """
    people = set(owners)
    for right in rights:
        people.update(await staff.holding(db, bot_id, right, at))
    async with db.read() as tx:
        languages = await started.before(tx, bot_id, people, due)
        if not [each for each in languages if not await _told(tx, bot_id, _key(due, each), at)]:
            return {}
    async with db.write(durable=True) as tx:
        untold = [each for each in languages if not await _told(tx, bot_id, _key(due, each), at)]
        for each in untold:
            await told.note(tx, bot_id, _key(due, each), at)
        return {each: languages[each] for each in untold}


async def _told(tx: Transaction, bot_id: int, key: str, at: datetime) -> bool:
    return await told.already(tx, bot_id, key, at - KEPT)


def _key(due: datetime, person: int) -> str:
    return f"report:{due:%Y-%m-%dT%H:%M}:{person}"
