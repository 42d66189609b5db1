"""What the owners have been told, so that they are told once."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import delete, select
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.store.tables import told
from bot.store.upsert import upsert


async def already(tx: AsyncConnection, key: str, now: datetime, again_after: timedelta) -> bool:
    """Return whether this was told less than `again_after` ago."""
    statement = select(told.c.key).where(told.c.key == key, told.c.at > now - again_after)
    return (await tx.execute(statement)).first() is not None


async def note(tx: AsyncConnection, key: str, at: datetime) -> None:
    """Remember that this was told."""
    statement = upsert(tx, told).values(key=key, at=at)
    await tx.execute(statement.on_conflict_do_update(index_elements=["key"], set_={"at": at}))


async def forget(tx: AsyncConnection, before: datetime) -> None:
    """Drop what was told so long ago that it no longer matters."""
    await tx.execute(delete(told).where(told.c.at < before))
