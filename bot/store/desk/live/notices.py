"""What people of the newsroom are to be told, kept before it is sent."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import delete, func, select, update

from bot.model.desk.shown_card import Notice
from bot.store.engine.database import Transaction
from bot.store.engine.upsert import upsert
from bot.store.newsroom.tables import revision
from bot.store.tables.desk import desk_mute, desk_notice

_COLUMNS = tuple(desk_notice.c[name] for name in Notice.__dataclass_fields__)


async def add(tx: Transaction, bot_id: int, notices: Iterable[Notice]) -> None:
    """Keep what is to be told; what a person is told of a deed once stays as it is."""
    for each in notices:
        values = {name: getattr(each, name) for name in Notice.__dataclass_fields__ if name != "id"}
        new = upsert(tx, desk_notice).values(bot_id=bot_id, **values)
        key = ["bot_id", "user_id", "deed_id"]
        await tx.execute(new.on_conflict_do_nothing(index_elements=key))


async def waiting(
    tx: Transaction, bot_id: int, *, since: datetime, until: datetime, limit: int
) -> list[Notice]:
    """Return what is still to be told of what happened between the two times, oldest first."""
    untold = (desk_notice.c.bot_id == bot_id, desk_notice.c.taken_at.is_(None))
    where = (*untold, desk_notice.c.at >= since, desk_notice.c.at <= until)
    rows = await tx.execute(select(*_COLUMNS).where(*where).order_by(desk_notice.c.id).limit(limit))
    return [Notice(**row._mapping) for row in rows]


async def told_last(tx: Transaction, bot_id: int, user_id: int) -> datetime | None:
    """Return when a person was told something last, or None."""
    where = (desk_notice.c.bot_id == bot_id, desk_notice.c.user_id == user_id)
    last: datetime | None = (
        await tx.execute(select(func.max(desk_notice.c.taken_at)).where(*where))
    ).scalar_one()
    return last


async def take(tx: Transaction, ids: Sequence[int], at: datetime | None) -> list[int]:
    """Note that notices are being told; return those that nobody had taken. None as the time: they were not told."""
    taken = update(desk_notice).where(desk_notice.c.id.in_(ids)).values(taken_at=at)
    if at is not None:
        taken = taken.where(desk_notice.c.taken_at.is_(None))
    return list((await tx.execute(taken.returning(desk_notice.c.id))).scalars())


async def drop(tx: Transaction, bot_id: int, article_id: int, verb: str) -> None:
    """Drop what is still to be told of a story's deeds of that kind."""
    of_story = (desk_notice.c.bot_id == bot_id, desk_notice.c.article_id == article_id)
    untold = (desk_notice.c.verb == verb, desk_notice.c.taken_at.is_(None))
    await tx.execute(delete(desk_notice).where(*of_story, *untold))


async def forget(tx: Transaction, before: datetime) -> None:
    """Drop the notices of what was done before a time."""
    await tx.execute(delete(desk_notice).where(desk_notice.c.at < before))


async def writers(tx: Transaction, article_ids: Sequence[int]) -> dict[int, set[int]]:
    """Return who wrote some revision of each story, by Telegram ids."""
    wrote = (revision.c.article_id.in_(article_ids), revision.c.created_by.is_not(None))
    rows = await tx.execute(select(revision.c.article_id, revision.c.created_by).where(*wrote).distinct())
    found: dict[int, set[int]] = {}
    for row in rows:
        found.setdefault(row.article_id, set()).add(row.created_by)
    return found


async def muted(tx: Transaction, bot_id: int) -> set[int]:
    """Return who wants no notices."""
    found = select(desk_mute.c.user_id).where(desk_mute.c.bot_id == bot_id)
    return set((await tx.execute(found)).scalars())


async def mute(tx: Transaction, bot_id: int, user_id: int) -> None:
    """Let a person get no notices."""
    new = upsert(tx, desk_mute).values(bot_id=bot_id, user_id=user_id)
    await tx.execute(new.on_conflict_do_nothing(index_elements=["bot_id", "user_id"]))


async def unmute(tx: Transaction, bot_id: int, user_id: int) -> bool:
    """Let a person get notices again. False where they did."""
    one: tuple[Any, ...] = (desk_mute.c.bot_id == bot_id, desk_mute.c.user_id == user_id)
    return (await tx.execute(delete(desk_mute).where(*one))).rowcount == 1
