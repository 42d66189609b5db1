"""Feeds: where they are, when to ask them next, and how they have been answering."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import Row, func, insert, select, update

from bot.model.following.mute import source_of
from bot.store.engine.database import Transaction
from bot.store.newsroom.tables import feed

ERROR_CHARACTERS = 500


@dataclass(frozen=True, slots=True)
class Feed:
    """A feed as it is kept: a source of some `kind` that is asked again and again.

    `url` is where the source is, `topics` are slugs, `interval` is in seconds, `publish` is auto or draft.
    `name` is what its stories give as their source. `cursor` is what the source is handed back at the next
    look. `failures` counts since the last success, and `last_error` says why. `declared` is what the newsroom file
    said of it last, None where the file doesn't name it; `version` grows with each change by `changed_by`.
    """

    id: int
    url: str
    name: str
    topics: tuple[str, ...]
    language: str
    publish: str
    backfill: int
    interval: int
    origin: str
    next_poll_at: datetime
    retired_at: datetime | None = None
    kind: str = "feed"
    cursor: Mapping[str, str] = field(default_factory=dict)
    first_polled_at: datetime | None = None
    last_ok_at: datetime | None = None
    failures: int = 0
    last_error: str | None = None
    declared: Mapping[str, Any] | None = None
    paused_at: datetime | None = None
    version: int = 1
    changed_by: int | None = None
    removed_at: datetime | None = None

    @property
    def source(self) -> str:
        """What its articles carry as their source: it outlives a change of the address."""
        return source_of(self.id)


async def due(tx: Transaction, now: datetime, limit: int) -> list[Feed]:
    """Return the feeds in use, and not paused, that are to be asked by now, the longest due first."""
    where = (*_ASKED, feed.c.next_poll_at <= now)
    statement = select(feed).where(*where).order_by(feed.c.next_poll_at, feed.c.id).limit(limit)
    return [_feed(row) for row in (await tx.execute(statement)).all()]


async def claim(tx: Transaction, feed_id: int, now: datetime, *, until: datetime) -> bool:
    """Put off the next look until then, and return whether the feed was due: of several processes one gets True.

    A process that dies before it records how the look ended leaves the feed due again at `until`.
    """
    due_now = (feed.c.id == feed_id, *_ASKED, feed.c.next_poll_at <= now)
    return (await tx.execute(update(feed).where(*due_now).values(next_poll_at=until))).rowcount == 1


async def all_in_use(tx: Transaction) -> list[Feed]:
    """Return the feeds that are not retired, in the order of their making."""
    statement = select(feed).where(feed.c.retired_at.is_(None)).order_by(feed.c.id)
    return [_feed(row) for row in (await tx.execute(statement)).all()]


async def every(tx: Transaction) -> list[Feed]:
    """Return all feeds that ever were, in the order of their making."""
    return [_feed(row) for row in (await tx.execute(select(feed).order_by(feed.c.id))).all()]


async def read_last(tx: Transaction, limit: int) -> dict[int, datetime]:
    """Return when each feed in use was read last, by its id: of those that were read longest ago."""
    columns = select(feed.c.id, feed.c.last_ok_at).where(*_ASKED, feed.c.last_ok_at.is_not(None))
    rows = await tx.execute(columns.order_by(feed.c.last_ok_at, feed.c.id).limit(limit))
    return {row.id: row.last_ok_at for row in rows}


async def failing(tx: Transaction, at_least: int = 3) -> list[Feed]:
    """Return the feeds in use, and not paused, that failed that many times in a row, the worst first."""
    where = (*_ASKED, feed.c.failures >= at_least)
    statement = select(feed).where(*where).order_by(feed.c.failures.desc(), feed.c.id)
    return [_feed(row) for row in (await tx.execute(statement)).all()]


async def all_fail(tx: Transaction, at_least: int) -> bool:
    """Return whether every feed in use, and not paused, failed that many times in a row; False without any feed."""
    fewest: int | None = (await tx.execute(select(func.min(feed.c.failures)).where(*_ASKED))).scalar()
    return fewest is not None and fewest >= at_least


async def record_success(
    tx: Transaction,
    feed_id: int,
    *,
    at: datetime,
    next_poll_at: datetime,
    cursor: Mapping[str, str],
) -> None:
    """Note that the feed answered, and keep what it is handed back next time."""
    where = (feed.c.id == feed_id, feed.c.first_polled_at.is_(None))
    await tx.execute(update(feed).where(*where).values(first_polled_at=at))
    values = {
        "last_ok_at": at,
        "next_poll_at": next_poll_at,
        "cursor": dict(cursor),
        "failures": 0,
        "last_error": None,
    }
    await tx.execute(update(feed).where(feed.c.id == feed_id).values(values))


async def record_failure(tx: Transaction, feed_id: int, *, reason: str, next_poll_at: datetime) -> int:
    """Note why the feed could not be had, and return how many times in a row it has failed now."""
    values = {
        "failures": feed.c.failures + 1,
        "last_error": reason[:ERROR_CHARACTERS],
        "next_poll_at": next_poll_at,
    }
    statement = update(feed).where(feed.c.id == feed_id).values(values).returning(feed.c.failures)
    return int((await tx.execute(statement)).scalar_one())


async def put(
    tx: Transaction,
    url: str,
    *,
    kind: str = "feed",
    name: str = "",
    topics: Sequence[str] = (),
    language: str,
    publish: str,
    backfill: int = 0,
    interval: int,
    origin: str,
    at: datetime,
) -> int:
    """Keep the feed at that address as described, in use, and return its id.

    A new or revived one is due at once. One that exists keeps its id, its origin and its history.
    """
    values: dict[str, Any] = {
        "kind": kind,
        "name": name,
        "topics": list(topics),
        "language": language,
        "publish": publish,
        "backfill": backfill,
        "interval": interval,
    }
    retired = (feed.c.url == url, feed.c.retired_at.is_not(None))
    revive = {"retired_at": None, "removed_at": None, "next_poll_at": at, "failures": 0, "last_error": None}
    await tx.execute(update(feed).where(*retired).values(revive))
    known = update(feed).where(feed.c.url == url).values(values).returning(feed.c.id)
    feed_id = (await tx.execute(known)).scalar_one_or_none()
    if feed_id is None:
        first = {"url": url, "origin": origin, "next_poll_at": at, "cursor": {}}
        new = insert(feed).values(**first, **values).returning(feed.c.id)
        feed_id = (await tx.execute(new)).scalar_one()
    return int(feed_id)


async def declare(tx: Transaction, feed_id: int, declared: Mapping[str, Any] | None) -> None:
    """Remember what the newsroom file says of a feed; None where it doesn't name it any more."""
    await tx.execute(update(feed).where(feed.c.id == feed_id).values(declared=declared))


async def set_pause(tx: Transaction, feed_id: int, at: datetime | None) -> None:
    """Pause a feed from then on; None ends the pause."""
    await tx.execute(update(feed).where(feed.c.id == feed_id).values(paused_at=at))


async def retire(tx: Transaction, ids: Collection[int], at: datetime, reason: str | None = None) -> None:
    """Stop asking feeds; those retired before keep their time. `reason` stays to be read."""
    values: dict[str, Any] = {"retired_at": at}
    if reason is not None:
        values["last_error"] = reason[:ERROR_CHARACTERS]
    await tx.execute(update(feed).where(feed.c.id.in_(ids), feed.c.retired_at.is_(None)).values(values))


_ASKED = (feed.c.retired_at.is_(None), feed.c.paused_at.is_(None))


def _feed(row: Row[Any]) -> Feed:
    return Feed(**{**row._mapping, "topics": tuple(row.topics)})
