"""The bots that this database serves: one row a token."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

from sqlalchemy import select, update

from bot.model.newsroom.coverage import EVERYTHING, Coverage
from bot.store.engine.database import Transaction
from bot.store.engine.upsert import upsert
from bot.store.tables.operations import bot


async def put(
    tx: Transaction, bot_id: int, username: str, at: datetime, *, coverage: Coverage = EVERYTHING
) -> None:
    """Note that the bot is there, under that name, and what it carries."""
    values = {
        "username": username,
        "seen_at": at,
        "served": True,
        "topics": list(coverage.topics) or None,
        "languages": coverage.languages,
    }
    statement = upsert(tx, bot).values(id=bot_id, **values)
    await tx.execute(statement.on_conflict_do_update(index_elements=["id"], set_=values))


async def serve(tx: Transaction, ids: Collection[int]) -> None:
    """Note that the installation speaks as these bots, and as no other."""
    await tx.execute(update(bot).values(served=bot.c.id.in_(ids)))


async def seen(tx: Transaction, bot_id: int, at: datetime) -> None:
    """Note that the bot was there at that time."""
    await tx.execute(update(bot).where(bot.c.id == bot_id).values(seen_at=at))


async def pause(tx: Transaction, bot_id: int, until: datetime) -> None:
    """Note until when Telegram has asked the whole bot to wait."""
    await tx.execute(update(bot).where(bot.c.id == bot_id).values(paused_until=until))


async def paused_until(tx: Transaction, bot_id: int) -> datetime | None:
    """Return until when Telegram has asked the whole bot to wait, if it ever has."""
    asked = select(bot.c.paused_until).where(bot.c.id == bot_id)
    until: datetime | None = (await tx.execute(asked)).scalar_one_or_none()
    return until


async def ids(tx: Transaction) -> list[int]:
    """Return the bots that have a row, by their Telegram ids."""
    return list((await tx.execute(select(bot.c.id).order_by(bot.c.id))).scalars())
