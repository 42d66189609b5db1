"""How many chats begin to read, stop and come back, by quarters of an hour: counts that name nobody."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import select

from bot.model.figures.counts import Flow
from bot.store.engine.database import Transaction
from bot.store.engine.types import from_millis, to_millis
from bot.store.engine.upsert import upsert
from bot.store.tables.figures import chat_flow

QUARTER = 15 * 60 * 1000
"""Milliseconds: the days of every zone begin on a quarter of an hour."""


async def gained(tx: Transaction, bot_id: int, at: datetime) -> None:
    """Count a chat that reads from now on, for the first time or again."""
    await _add(tx, bot_id, at, gained=1)


async def lost(tx: Transaction, bot_id: int, at: datetime) -> None:
    """Count a chat that reads no more: it asked for that, blocked the bot, or is gone."""
    await _add(tx, bot_id, at, lost=1)


async def between(tx: Transaction, bot_id: int, since: datetime, until: datetime) -> list[Flow]:
    """Return the quarters of an hour in that time in which anything was counted, in order."""
    within = (chat_flow.c.bot_id == bot_id, chat_flow.c.at >= since, chat_flow.c.at < until)
    rows = await tx.execute(select(chat_flow).where(*within).order_by(chat_flow.c.at))
    return [Flow(row.at, row.gained, row.lost) for row in rows]


async def _add(tx: Transaction, bot_id: int, at: datetime, *, gained: int = 0, lost: int = 0) -> None:
    quarter = from_millis(to_millis(at) // QUARTER * QUARTER)
    new = upsert(tx, chat_flow).values(bot_id=bot_id, at=quarter, gained=gained, lost=lost)
    more = {"gained": chat_flow.c.gained + gained, "lost": chat_flow.c.lost + lost}
    await tx.execute(new.on_conflict_do_update(index_elements=["bot_id", "at"], set_=more))
