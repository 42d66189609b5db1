"""Leases: who alone may do a thing for a while, such as speak with one bot's token."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import NamedTuple

from sqlalchemy import delete, select, update

from bot.store.engine.database import Transaction
from bot.store.engine.upsert import upsert
from bot.store.tables.operations import lease


class Held(NamedTuple):
    """Whose a lease is, and until when by the clock of who took it."""

    owner: str
    until: datetime


async def take(
    tx: Transaction, name: str, owner: str, now: datetime, *, ttl: timedelta, free: Held | None = None
) -> bool:
    """Take the lease for `ttl`, and return whether `owner` has it.

    It does where nobody had it, or where it is still held as `free` says.
    """
    new = upsert(tx, lease).values(name=name, owner=owner, until=now + ttl)
    inserted = await tx.execute(new.on_conflict_do_nothing().returning(lease.c.name))
    if inserted.first() is not None:
        return True
    may = lease.c.owner == owner
    if free is not None:
        may |= (lease.c.owner == free.owner) & (lease.c.until == free.until)
    taken = update(lease).where(lease.c.name == name, may).values(owner=owner, until=now + ttl)
    return (await tx.execute(taken)).rowcount == 1


async def renew(
    tx: Transaction, names: Sequence[str], owner: str, now: datetime, *, ttl: timedelta
) -> set[str]:
    """Prolong leases, and return the names of those that are still the owner's: the rest are another's since."""
    mine = update(lease).where(lease.c.name.in_(names), lease.c.owner == owner)
    return set((await tx.execute(mine.values(until=now + ttl).returning(lease.c.name))).scalars())


async def release(tx: Transaction, name: str, owner: str) -> None:
    """Give the lease up, so that the next one need not wait for its end."""
    await tx.execute(delete(lease).where(lease.c.name == name, lease.c.owner == owner))


async def held(tx: Transaction, name: str) -> Held | None:
    """Return who took the lease last and until when, over or not."""
    row = (await tx.execute(select(lease.c.owner, lease.c.until).where(lease.c.name == name))).first()
    return Held(*row) if row else None


async def any_held(tx: Transaction, now: datetime) -> bool:
    """Return whether anybody has any lease now."""
    return (await tx.execute(select(lease.c.name).where(lease.c.until > now).limit(1))).first() is not None


async def listing(tx: Transaction) -> dict[str, Held]:
    """Return who took each lease last and until when, over or not."""
    rows = await tx.execute(select(lease.c.name, lease.c.owner, lease.c.until).order_by(lease.c.name))
    return {name: Held(owner, until) for name, owner, until in rows}
