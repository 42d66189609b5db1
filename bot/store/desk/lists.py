"""The desk's lists: each a bounded walk along an index, however many stories there are."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import fields
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Row,
    Select,
    and_,
    func,
    literal,
    literal_column,
    select,
    tuple_,
    union_all,
)

from bot.model.delivery import Lane, SubjectKind
from bot.model.desk.listed import Listed
from bot.model.desk.lock import IDLE, Lock
from bot.model.story.article import Status
from bot.store.engine.database import Transaction
from bot.store.ledger.release.rows import IS_CLAIMED, IS_WAITING
from bot.store.newsroom.tables import article, lock, revision
from bot.store.tables.ledger import bulletin, delivery

STEPS = 20
"""How many subjects of one lane are looked at: more are hardly going out at once."""

MOST_CLAIMED = 1000
"""How many of the deliveries under way are looked at."""

_EPOCH: ColumnElement[int] = literal_column("0")
_LATEST = and_(revision.c.article_id == article.c.id, revision.c.number == article.c.revision)
_BEYOND = 2**62
_FIELDS = tuple(each.name for each in fields(Listed) if each.name != "lock")
_LINE = tuple(revision.c.headline if each == "headline" else article.c[each] for each in _FIELDS)
_LOCK = (lock.c.user_id, lock.c.action, lock.c.since, lock.c.seen_at)


def newest_in(status: Status) -> Select[Any]:
    """Select the stories of a state, the newest first: the numbers alone."""
    return select(article.c.id).where(article.c.status == status).order_by(article.c.id.desc())


def next_scheduled() -> Select[Any]:
    """Select what is scheduled, the next to go out first."""
    # Without the bound SQLite would walk all the stories that have no hour.
    where = (article.c.release_at > _EPOCH, article.c.status == Status.SCHEDULED)
    return select(article.c.id).where(*where).order_by(article.c.release_at, article.c.id)


def newest_out() -> Select[Any]:
    """Select what was published, the latest first."""
    listed = select(article.c.id).where(article.c.status == Status.PUBLISHED)
    return listed.order_by(article.c.published_at.desc(), article.c.id.desc())


def for_review() -> Select[Any]:
    """Select the flashes that nobody has reviewed yet, the newest first."""
    # A partial index serves only where the statement holds its very words.
    unreviewed = select(article.c.id).where(literal_column("unreviewed"))
    return unreviewed.order_by(article.c.id.desc())


def with_lines(listed: Select[Any]) -> Select[Any]:
    """Select the lines of the stories that a list selects by number, in its order."""
    return listed.with_only_columns(*_LINE).join(revision, _LATEST)


async def page(
    tx: Transaction, listed: Select[Any], at: datetime, *, limit: int, offset: int = 0
) -> list[Listed]:
    """Return so many lines of a list, after those that are left out, and the locks that stand at that time."""
    return await _lines(tx, listed.limit(limit).offset(offset), at)


async def of(tx: Transaction, article_ids: Sequence[int], at: datetime) -> list[Listed]:
    """Return the lines of those stories, in their order."""
    found = await _lines(tx, select(article.c.id).where(article.c.id.in_(article_ids)), at)
    return sorted(found, key=lambda each: article_ids.index(each.id))


async def heads(tx: Transaction, several: Sequence[Select[Any]], limit: int) -> list[list[int]]:
    """Return the numbers of the first stories of each list, all lists in one statement."""
    places = enumerate(each.limit(limit).subquery() for each in several)
    rows = await tx.execute(union_all(*(select(literal(place), one.c.id) for place, one in places)))
    found: list[list[int]] = [[] for _ in several]
    for place, article_id in rows:
        found[place].append(article_id)
    return found


async def counts(tx: Transaction, several: Sequence[Select[Any]], most: int) -> list[int]:
    """Return how many stories each of the lists has; counted no further than `most`."""
    each = [select(func.count()).select_from(one.limit(most).subquery()).scalar_subquery() for one in several]
    return list((await tx.execute(select(*each))).one())


async def going_out(tx: Transaction, bot_ids: Sequence[int], limit: int, now: datetime) -> list[int]:
    """Return the stories of which something is still to be planned, sent or changed, the most urgent first.

    What waits for a day or more, such as a paused push, is going out only while its bulletin is to be planned.
    """
    unplanned = select(bulletin.c.article_id).where(bulletin.c.planned_at.is_(None))
    found = dict.fromkeys(
        (await tx.execute(unplanned.order_by(bulletin.c.lane, bulletin.c.id).limit(limit))).scalars()
    )
    for bot_id in bot_ids:
        # Asked before what is claimed: a delivery that is claimed meanwhile is in the second answer at least.
        waiting = await _waiting(tx, bot_id, now)
        found |= dict.fromkeys((await tx.execute(claimed(bot_id))).scalars())
        found |= dict.fromkeys(waiting)
    hidden = select(article.c.id).where(article.c.status == Status.CANARY)
    for each in (await tx.execute(hidden)).scalars() if found else ():
        found.pop(each, None)
    return list(found)[:limit]


def claimed(bot_id: int) -> Select[Any]:
    """Select the stories that are on their way at this moment, more than once each."""
    # Without the order, or with DISTINCT, SQLite may walk all that was ever delivered.
    claims = select(delivery.c.subject_id).where(delivery.c.bot_id == bot_id, IS_CLAIMED)
    claims = claims.where(delivery.c.kind == SubjectKind.ARTICLE).order_by(delivery.c.lease_until)
    return claims.limit(MOST_CLAIMED)


def waiting_after(bot_id: int, lane: Lane, after: tuple[datetime, int] | None, now: datetime) -> Select[Any]:
    """Select the head of what waits in a lane behind that time and subject, due within a day."""
    heads = select(delivery.c.lane, delivery.c.due_at, delivery.c.subject_id, delivery.c.kind)
    heads = heads.where(delivery.c.bot_id == bot_id, IS_WAITING, delivery.c.lane == lane)
    heads = heads.where(delivery.c.due_at <= now + timedelta(days=1))
    if after is not None:
        # As one comparison, and beyond every chat: a push is one moment and one subject, and is stepped over at once.
        columns = (delivery.c.due_at, delivery.c.subject_id, delivery.c.chat_id)
        place = zip((*after, _BEYOND), columns, strict=True)
        heads = heads.where(
            tuple_(*columns) > tuple_(*(literal(each, column.type) for each, column in place))
        )
    return heads.order_by(delivery.c.due_at, delivery.c.subject_id, delivery.c.chat_id).limit(1)


async def _waiting(tx: Transaction, bot_id: int, now: datetime) -> list[int]:
    found: dict[Lane, list[int]] = {lane: [] for lane in Lane}
    after: dict[Lane, tuple[datetime, int] | None] = dict.fromkeys(Lane)
    for _ in range(STEPS):
        # All lanes in one statement: while much goes out, each statement waits for its turn.
        heads = [select(waiting_after(bot_id, lane, at, now).subquery()) for lane, at in after.items()]
        rows = (await tx.execute(union_all(*heads))).all()
        if not rows:
            break
        for row in rows:
            if row.kind is SubjectKind.ARTICLE:
                found[row.lane].append(row.subject_id)
        after = {row.lane: (row.due_at, row.subject_id) for row in rows}
    return [each for listed in found.values() for each in listed]


async def _lines(tx: Transaction, listed: Select[Any], at: datetime) -> list[Listed]:
    standing = and_(lock.c.article_id == article.c.id, lock.c.seen_at > at - IDLE)
    lines = with_lines(listed).outerjoin(lock, standing).add_columns(*_LOCK)
    return [_listed(row) for row in await tx.execute(lines)]


def _listed(row: Row[Any]) -> Listed:
    held = Lock(row.id, row.user_id, row.action, row.since, row.seen_at) if row.user_id is not None else None
    return Listed(**{each: getattr(row, each) for each in _FIELDS}, lock=held)
