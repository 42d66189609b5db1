"""Catch-ups: which chats get what waits for them as one message, and when."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from datetime import datetime

from sqlalchemy import delete, select, update

from bot.store.engine.array_param import among
from bot.store.engine.database import Transaction
from bot.store.engine.upsert import upsert
from bot.store.tables.audience import catch_up


async def expect(tx: Transaction, bot_id: int, chat_ids: Iterable[int], at: datetime) -> None:
    """Look at that time what waits for the chats; earlier, where that was meant already."""
    rows = [{"chat_id": each, "bot_id": bot_id, "due_at": at} for each in sorted(set(chat_ids))]
    if not rows:
        return
    new = upsert(tx, catch_up)
    sooner = {"due_at": new.excluded.due_at}
    later = catch_up.c.due_at > new.excluded.due_at
    await tx.execute(new.on_conflict_do_update(index_elements=["chat_id"], set_=sooner, where=later), rows)


async def look_at(tx: Transaction, chat_id: int, at: datetime) -> bool:
    """Look at that time instead, where anything waits to be gathered for the chat; return whether it does."""
    moved = update(catch_up).where(catch_up.c.chat_id == chat_id).values(due_at=at)
    return (await tx.execute(moved)).rowcount > 0


async def due(tx: Transaction, bot_id: int, now: datetime, limit: int) -> list[int]:
    """Return chats to look at, the longest due first."""
    statement = select(catch_up.c.chat_id).where(catch_up.c.due_at <= now, catch_up.c.bot_id == bot_id)
    return list((await tx.execute(statement.order_by(catch_up.c.due_at).limit(limit))).scalars())


async def settle(tx: Transaction, chat_ids: Collection[int], now: datetime) -> None:
    """Note that what waited for the chats is gathered."""
    gone = delete(catch_up).where(among(catch_up.c.chat_id, "b_chats"), catch_up.c.due_at <= now)
    await tx.execute(gone, {"b_chats": list(chat_ids)})
