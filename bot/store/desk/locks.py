"""Locks on drafts. One statement decides who has one."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import case, delete, or_, select

from bot.model.desk.lock import IDLE, Lock
from bot.model.errors import Refusal
from bot.store.engine.database import Transaction
from bot.store.engine.upsert import upsert
from bot.store.newsroom.tables import lock


async def take(tx: Transaction, article_id: int, user_id: int, action: str, *, at: datetime) -> Lock | None:
    """Take or keep the lock; None while another holds it."""
    values = {"article_id": article_id, "user_id": user_id, "action": action, "since": at, "seen_at": at}
    new = upsert(tx, lock).values(values)
    mine = lock.c.user_id == user_id
    goes_on = mine & (lock.c.action == action) & (lock.c.seen_at > at - IDLE)
    taken = new.on_conflict_do_update(
        index_elements=["article_id"],
        set_={
            "user_id": user_id,
            "action": action,
            "seen_at": at,
            "since": case((goes_on, lock.c.since), else_=new.excluded.since),
        },
        where=or_(mine, lock.c.seen_at <= at - IDLE),
    )
    row = (await tx.execute(taken.returning(*lock.c))).first()
    return Lock(*row) if row else None


async def get(tx: Transaction, article_id: int) -> Lock | None:
    """Return the lock that was taken on the story last, or None; it may have fallen since."""
    row = (await tx.execute(select(*lock.c).where(lock.c.article_id == article_id))).first()
    return Lock(*row) if row else None


async def need(tx: Transaction, article_id: int, user_id: int | None, at: datetime) -> None:
    """Refuse as `locked` while another edits the story. Whose lock it is keeps it by that."""
    found = await get(tx, article_id)
    if found is None or not found.holds(at):
        return
    if found.user_id != user_id:
        raise Refusal("locked", holder=found.user_id, action=found.action, since=found.since)
    await take(tx, article_id, found.user_id, found.action, at=at)


async def fall(tx: Transaction, article_id: int, user_id: int | None = None) -> None:
    """Let the lock fall; only that person's where `user_id` is given."""
    gone = delete(lock).where(lock.c.article_id == article_id)
    await tx.execute(gone if user_id is None else gone.where(lock.c.user_id == user_id))


async def of(tx: Transaction, article_ids: Sequence[int], at: datetime) -> dict[int, Lock]:
    """Return the locks that stand on the stories at that time, by story."""
    standing = select(*lock.c).where(lock.c.article_id.in_(article_ids), lock.c.seen_at > at - IDLE)
    return {row.article_id: Lock(*row) for row in await tx.execute(standing)}
