"""What may be spent on paid broadcasts, in messages by day: counted before it is spent."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import delete, select

from bot.store.engine.database import Transaction
from bot.store.engine.upsert import upsert
from bot.store.tables.operations import paid


async def on_day(tx: Transaction, bot_id: int, day: str) -> int:
    """Return how many messages of that day (UTC, as 2026-05-04) count as paid."""
    found = select(paid.c.messages).where(paid.c.bot_id == bot_id, paid.c.day == day)
    return (await tx.execute(found)).scalar_one_or_none() or 0


async def put(tx: Transaction, bot_id: int, day: str, messages: int) -> None:
    """Note that so many messages of that day count as paid."""
    statement = upsert(tx, paid).values(bot_id=bot_id, day=day, messages=messages)
    values = {"messages": messages}
    await tx.execute(statement.on_conflict_do_update(index_elements=["bot_id", "day"], set_=values))


async def forget(tx: Transaction, before: datetime) -> None:
    """Drop the days before that one."""
    await tx.execute(delete(paid).where(paid.c.day < f"{before:%Y-%m-%d}"))
