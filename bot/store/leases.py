"""Leases: who alone may do a thing for a while, such as speak with one bot's token."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import delete, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.store.tables import lease
from bot.store.upsert import upsert


async def take(tx: AsyncConnection, name: str, owner: str, now: datetime, ttl: timedelta) -> bool:
    """Take the lease for `ttl`, and return whether `owner` has it: nobody had it, or it had run out."""
    new = upsert(tx, lease).values(name=name, owner=owner, until=now + ttl)
    inserted = await tx.execute(new.on_conflict_do_nothing().returning(lease.c.name))
    if inserted.first() is not None:
        return True
    free = (lease.c.owner == owner) | (lease.c.until <= now)
    taken = update(lease).where(lease.c.name == name, free).values(owner=owner, until=now + ttl)
    return (await tx.execute(taken)).rowcount == 1


async def renew(tx: AsyncConnection, name: str, owner: str, now: datetime, ttl: timedelta) -> bool:
    """Prolong the lease; False where another has taken it since."""
    mine = update(lease).where(lease.c.name == name, lease.c.owner == owner)
    return (await tx.execute(mine.values(until=now + ttl))).rowcount == 1


async def release(tx: AsyncConnection, name: str, owner: str) -> None:
    """Give the lease up, so that the next one need not wait for its end."""
    await tx.execute(delete(lease).where(lease.c.name == name, lease.c.owner == owner))


async def holder(tx: AsyncConnection, name: str, now: datetime) -> str | None:
    """Return who has the lease now."""
    held = select(lease.c.owner).where(lease.c.name == name, lease.c.until > now)
    return (await tx.execute(held)).scalar_one_or_none()


async def any_held(tx: AsyncConnection, now: datetime) -> bool:
    """Return whether anybody has any lease now."""
    return (await tx.execute(select(lease.c.name).where(lease.c.until > now).limit(1))).first() is not None
