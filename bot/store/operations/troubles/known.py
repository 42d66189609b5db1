"""Troubles that no other row tells of: the process that has the role writes them, and every process reads them."""

from __future__ import annotations

import json
from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import delete, select

from bot.store.engine.database import Transaction
from bot.store.engine.upsert import upsert
from bot.store.tables.operations import known_trouble


class KnownTrouble(NamedTuple):
    """A trouble: `key` names it, `talk` the template that words it; `facts` (plain JSON) are what that needs."""

    key: str
    talk: str
    facts: Mapping[str, Any]


async def put(tx: Transaction, bot_id: int, found: Collection[KnownTrouble], at: datetime) -> None:
    """Keep that these troubles are there at that time."""
    for each in found:
        values = {"talk": each.talk, "facts": json.dumps(each.facts, ensure_ascii=False), "at": at}
        new = upsert(tx, known_trouble).values(bot_id=bot_id, key=each.key, **values)
        await tx.execute(new.on_conflict_do_update(index_elements=["bot_id", "key"], set_=values))


async def end(tx: Transaction, bot_id: int, keys: Collection[str]) -> None:
    """Keep that these troubles are over."""
    of_them = (known_trouble.c.bot_id == bot_id, known_trouble.c.key.in_(list(keys)))
    await tx.execute(delete(known_trouble).where(*of_them))


async def since(tx: Transaction, bot_id: int, at: datetime) -> Sequence[KnownTrouble]:
    """Return the troubles that were there at that time or later."""
    columns = (known_trouble.c.key, known_trouble.c.talk, known_trouble.c.facts)
    found = select(*columns).where(known_trouble.c.bot_id == bot_id, known_trouble.c.at >= at)
    rows = await tx.execute(found.order_by(known_trouble.c.key))
    return [KnownTrouble(row.key, row.talk, json.loads(row.facts)) for row in rows]


async def forget(tx: Transaction, before: datetime) -> None:
    """Drop the troubles of all bots that nobody has seen since."""
    await tx.execute(delete(known_trouble).where(known_trouble.c.at < before))
