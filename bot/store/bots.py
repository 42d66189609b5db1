"""The bots that this database serves: one row a token."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncConnection

from bot.store.tables import bot
from bot.store.upsert import upsert


async def put(tx: AsyncConnection, bot_id: int, username: str, at: datetime) -> None:
    """Note that the bot is there, under that name."""
    values = {"username": username, "seen_at": at}
    statement = upsert(tx, bot).values(id=bot_id, **values)
    await tx.execute(statement.on_conflict_do_update(index_elements=["id"], set_=values))
