"""What the pushes of a time did in all: added up by the database, however many there were."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import func, select

from bot.model.bulletin import BulletinKind
from bot.store.engine.database import Transaction
from bot.store.tables.figures import push_count, push_failure


class Total(NamedTuple):
    """The pushes of one kind: how many, of how many stories, and what became of their deliveries."""

    kind: BulletinKind
    flash: bool
    pushes: int
    stories: int
    accepted: int
    waiting: int


async def of(tx: Transaction, since: datetime, until: datetime) -> list[Total]:
    """Return the totals of each kind, flashes apart."""
    numbers = (
        func.count(),
        func.count(push_count.c.article_id.distinct()),
        func.sum(push_count.c.accepted),
        func.sum(push_count.c.waiting),
    )
    kinds = (push_count.c.kind, push_count.c.flash)
    rows = await tx.execute(select(*kinds, *numbers).where(*_within(since, until)).group_by(*kinds))
    return [Total(row[0], row[1], *map(int, row[2:])) for row in rows]


async def failures(tx: Transaction, since: datetime, until: datetime) -> dict[str, int]:
    """Return how many deliveries of news failed, by reason, the most frequent first."""
    number = func.sum(push_failure.c.number)
    summed = (
        select(push_failure.c.reason, number)
        .join(push_count, push_count.c.bulletin_id == push_failure.c.bulletin_id)
        .where(*_within(since, until), push_count.c.kind == BulletinKind.NEW)
        .group_by(push_failure.c.reason)
        .order_by(number.desc(), push_failure.c.reason)
    )
    return {row[0]: int(row[1]) for row in await tx.execute(summed)}


async def middle(
    tx: Transaction, since: datetime, until: datetime, *, flash: bool = False
) -> tuple[float | None, float | None]:
    """Return the medians, in seconds, of when half and nine of ten had a story; `flash`: of flashes alone."""
    where = [*_within(since, until), push_count.c.kind == BulletinKind.NEW, push_count.c.half_ms.is_not(None)]
    if flash:
        where.append(push_count.c.flash)
    many = int((await tx.execute(select(func.count()).where(*where))).scalar_one())
    if not many:
        return None, None
    found = []
    for column in (push_count.c.half_ms, push_count.c.most_ms):
        place = select(column).where(*where).order_by(column).offset((many - 1) // 2).limit(1)
        found.append((await tx.execute(place)).scalar_one() / 1000)
    return found[0], found[1]


async def stories(tx: Transaction, begins: Sequence[datetime], until: datetime) -> list[int]:
    """Return how many stories went out from each of those times to the next, the last up to `until`."""
    found = []
    for begin, end in zip(begins, (*begins[1:], until), strict=True):
        news = (*_within(begin, end), push_count.c.kind == BulletinKind.NEW)
        count = select(func.count(push_count.c.article_id.distinct())).where(*news)
        found.append(int((await tx.execute(count)).scalar_one()))
    return found


def _within(since: datetime, until: datetime) -> tuple[Any, ...]:
    return push_count.c.started_at >= since, push_count.c.started_at < until
