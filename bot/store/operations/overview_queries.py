"""What the operator's page asks: the queue by lane, pushes that go out, what feeds brought, leases, the inbox."""

from __future__ import annotations

from datetime import datetime
from typing import NamedTuple

from sqlalchemy import case, func, or_, select

from bot.model.bulletin import BulletinKind
from bot.model.delivery import Lane
from bot.model.release import QUIET
from bot.store.engine.database import Transaction
from bot.store.ledger.release.rows import IS_WAITING
from bot.store.newsroom.tables import article, revision
from bot.store.operations.leases import Held
from bot.store.tables.ledger import bulletin, delivery
from bot.store.tables.operations import inbox, lease

NEWEST_STORIES = 5_000
"""Among so many of the newest stories those of a day are counted: the table has no index of its days."""


class LaneQueue(NamedTuple):
    """What waits in a lane: how much could go now, since when the oldest of it could, and how much waits for later."""

    lane: Lane
    due: int
    oldest: datetime | None
    later: int


class PushHead(NamedTuple):
    """A push that may still go out: of which story, and how it was decided."""

    bulletin_id: int
    article_id: int
    headline: str
    kind: BulletinKind
    lane: Lane
    created_at: datetime


class FeedItems(NamedTuple):
    """How many stories a source brought in a time, and when the newest came in."""

    number: int
    newest: datetime


async def lanes(tx: Transaction, bot_id: int, now: datetime) -> list[LaneQueue]:
    """Return each lane in which something waits, the most urgent first."""
    due = (delivery.c.due_at <= now) & (func.coalesce(delivery.c.reason, "") != QUIET)
    columns = (
        delivery.c.lane,
        func.count(case((due, 1))),
        func.min(case((due, delivery.c.due_at))),
        func.count(case((~due, 1))),
    )
    waiting = select(*columns).where(delivery.c.bot_id == bot_id, IS_WAITING)
    rows = await tx.execute(waiting.group_by(delivery.c.lane).order_by(delivery.c.lane))
    return [LaneQueue(*row) for row in rows]


async def live_pushes(tx: Transaction, bot_id: int, since: datetime, limit: int) -> list[PushHead]:
    """Return the newest pushes of which more may become, or that were decided since then, or are paused."""
    same = (revision.c.article_id == bulletin.c.article_id) & (revision.c.number == bulletin.c.revision)
    columns = (
        bulletin.c.id,
        bulletin.c.article_id,
        revision.c.headline,
        bulletin.c.kind,
        bulletin.c.lane,
        bulletin.c.created_at,
    )
    paused = bulletin.c.paused_at.is_not(None) & bulletin.c.stopped_at.is_(None)
    theirs = or_(bulletin.c.bot_id == bot_id, bulletin.c.bot_id.is_(None))
    live = or_(bulletin.c.count_at.is_not(None), bulletin.c.created_at >= since, paused)
    found = select(*columns).join(revision, same).where(theirs, live)
    return [PushHead(*row) for row in await tx.execute(found.order_by(bulletin.c.id.desc()).limit(limit))]


async def items_since(tx: Transaction, since: datetime) -> dict[str, FeedItems]:
    """Return what each source brought since then, by the name that its stories carry."""
    newest = (
        select(article.c.source, article.c.created_at).order_by(article.c.id.desc()).limit(NEWEST_STORIES)
    )
    listed = newest.subquery()
    columns = (listed.c.source, func.count(), func.max(listed.c.created_at))
    counted = select(*columns).where(listed.c.created_at >= since).group_by(listed.c.source)
    return {source: FeedItems(number, at) for source, number, at in await tx.execute(counted)}


async def leases_held(tx: Transaction) -> dict[str, Held]:
    """Return who took each lease last and until when, over or not, by the lease's name."""
    rows = await tx.execute(select(lease.c.name, lease.c.owner, lease.c.until).order_by(lease.c.name))
    return {name: Held(owner, until) for name, owner, until in rows}


async def unanswered(tx: Transaction, bot_id: int) -> int:
    """Return how many updates wait to be handled."""
    waiting = select(func.count()).where(inbox.c.bot_id == bot_id, ~inbox.c.handled)
    return int((await tx.execute(waiting)).scalar_one())
