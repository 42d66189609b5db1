"""The bots that this database serves: one row a token."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.store.tables import bot
from bot.store.upsert import upsert


async def put(tx: AsyncConnection, bot_id: int, username: str, at: datetime) -> None:
    """Note that the bot is there, under that name."""
    values = {"username": username, "seen_at": at}
    statement = upsert(tx, bot).values(id=bot_id, **values)
    await tx.execute(statement.on_conflict_do_update(index_elements=["id"], set_=values))


async def pause(tx: AsyncConnection, bot_id: int, until: datetime) -> None:
    """Note until when Telegram has asked the whole bot to wait."""
    await tx.execute(update(bot).where(bot.c.id == bot_id).values(paused_until=until))


async def paused_until(tx: AsyncConnection, bot_id: int) -> datetime | None:
    """Return until when Telegram has asked the whole bot to wait, if it ever has."""
    asked = select(bot.c.paused_until).where(bot.c.id == bot_id)
    until: datetime | None = (await tx.execute(asked)).scalar_one_or_none()
    return until
