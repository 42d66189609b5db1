"""Updates that nobody could read: the newest of each bot are kept, for whoever looks into it."""

from __future__ import annotations

from datetime import datetime
from typing import NamedTuple

from sqlalchemy import delete, func, select

from bot.store.engine.database import Transaction
from bot.store.engine.upsert import upsert
from bot.store.tables.operations import unread_update

MOST = 100
"""How many are kept of one bot."""


class UnreadUpdate(NamedTuple):
    """An update as Telegram sent it, cut to some length, and why it could not be read."""

    update_id: int
    at: datetime
    reason: str
    body: str


async def put(tx: Transaction, bot_id: int, unread: UnreadUpdate) -> None:
    """Keep an update, and drop the oldest of the bot's that are too many."""
    values = unread._asdict()
    added = upsert(tx, unread_update).values(bot_id=bot_id, **values)
    await tx.execute(added.on_conflict_do_update(index_elements=["bot_id", "update_id"], set_=values))
    mine = unread_update.c.bot_id == bot_id
    newest = select(unread_update.c.update_id).where(mine).order_by(unread_update.c.at.desc()).limit(MOST)
    await tx.execute(delete(unread_update).where(mine, unread_update.c.update_id.not_in(newest)))


async def listing(tx: Transaction, bot_id: int | None = None) -> list[UnreadUpdate]:
    """Return what is kept of one bot, or of all bots where none is named, the newest first."""
    columns = [unread_update.c[name] for name in UnreadUpdate._fields]
    kept = select(*columns).order_by(unread_update.c.at.desc())
    if bot_id is not None:
        kept = kept.where(unread_update.c.bot_id == bot_id)
    return [UnreadUpdate(*row) for row in await tx.execute(kept)]


async def count(tx: Transaction, bot_id: int, since: datetime) -> int:
    """Return how many of the kept ones came after `since`."""
    fresh = select(func.count()).where(unread_update.c.bot_id == bot_id, unread_update.c.at > since)
    return int((await tx.execute(fresh)).scalar_one())


async def forget(tx: Transaction, before: datetime) -> None:
    """Drop what is older, of all bots."""
    await tx.execute(delete(unread_update).where(unread_update.c.at < before))
