"""Who may do what, beside the owners that the settings name: a row for each person."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from typing import Any

from sqlalchemy import Row, select, update

from bot.model.newsroom.grant import Grant
from bot.model.newsroom.role import Right
from bot.store.engine.database import Transaction
from bot.store.engine.upsert import upsert
from bot.store.newsroom.tables import staff

NAME_CHARACTERS = 128
_COLUMNS = ("user_id", "name", "rights", "topics", "until", "given_by", "given_at", "version")


async def get(tx: Transaction, bot_id: int, user_id: int) -> Grant | None:
    """Return what the person was given; None for who never had a right and is not known here."""
    row = (await tx.execute(_select().where(*_one(bot_id, user_id)))).first()
    return _grant(row) if row else None


async def listing(tx: Transaction, bot_id: int) -> list[Grant]:
    """Return everybody who was given rights, those whose time is over too, by name."""
    statement = _select().where(staff.c.bot_id == bot_id).order_by(staff.c.name, staff.c.user_id)
    return [grant for row in await tx.execute(statement) if (grant := _grant(row)).rights]


async def put(tx: Transaction, bot_id: int, grant: Grant) -> bool:
    """Keep a grant as the next version of what it was read as; False where somebody changed it meanwhile."""
    values = {
        "name": grant.name[:NAME_CHARACTERS],
        "rights": sorted(grant.rights),
        "topics": None if grant.topics is None else sorted(grant.topics),
        "until": grant.until,
        "given_by": grant.given_by,
        "given_at": grant.given_at,
        "version": grant.version + 1,
        "ended_at": None,
    }
    if grant.version == 0:
        key = {"bot_id": bot_id, "user_id": grant.user_id}
        new = upsert(tx, staff).values(key | values).on_conflict_do_nothing(index_elements=list(key))
        return (await tx.execute(new.returning(staff.c.user_id))).first() is not None
    where = (*_one(bot_id, grant.user_id), staff.c.version == grant.version)
    changed = update(staff).where(*where).values(values).returning(staff.c.user_id)
    return (await tx.execute(changed)).first() is not None


async def take_ended(tx: Transaction, bot_id: int, at: datetime) -> list[Grant]:
    """Return those whose rights ended since the last look, and note that they were seen."""
    where = (staff.c.bot_id == bot_id, staff.c.until <= at, staff.c.ended_at.is_(None))
    ended = update(staff).where(*where).values(ended_at=at)
    rows = await tx.execute(ended.returning(*(staff.c[name] for name in _COLUMNS)))
    return [grant for row in rows if (grant := _grant(row)).rights]


async def any_ended(tx: Transaction, bot_id: int, at: datetime) -> bool:
    """Return whether somebody's rights ended since the last look."""
    where = (staff.c.bot_id == bot_id, staff.c.until <= at, staff.c.ended_at.is_(None))
    return (await tx.execute(select(staff.c.user_id).where(*where).limit(1))).first() is not None


async def told(tx: Transaction, bot_id: int, user_id: int, *, since: datetime) -> int | None:
    """Return the message that told the person of their rights since then, or None."""
    where = (*_one(bot_id, user_id), staff.c.told_at >= since)
    return (await tx.execute(select(staff.c.told_id).where(*where))).scalar_one_or_none()


async def note_told(tx: Transaction, bot_id: int, user_id: int, *, message_id: int, at: datetime) -> None:
    """Remember the message that told the person of their rights."""
    values = {"told_id": message_id, "told_at": at}
    await tx.execute(update(staff).where(*_one(bot_id, user_id)).values(values))


async def names(tx: Transaction, bot_id: int, user_ids: Collection[int]) -> dict[int, str]:
    """Return the names of those of the people who are known here."""
    where = (staff.c.bot_id == bot_id, staff.c.user_id.in_(user_ids), staff.c.name != "")
    rows = await tx.execute(select(staff.c.user_id, staff.c.name).where(*where))
    return {row.user_id: row.name for row in rows}


def _select() -> Any:
    return select(*(staff.c[name] for name in _COLUMNS))


def _one(bot_id: int, user_id: int) -> tuple[Any, Any]:
    return staff.c.bot_id == bot_id, staff.c.user_id == user_id


def _grant(row: Row[Any]) -> Grant:
    values = dict(row._mapping)
    # A right that this version does not know is none.
    known = {each.value for each in Right}
    values["rights"] = frozenset(Right(each) for each in row.rights if each in known)
    values["topics"] = None if row.topics is None else frozenset(row.topics)
    return Grant(**values)
