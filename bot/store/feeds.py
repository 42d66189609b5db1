"""Feeds: where they are, when to ask them next, and how they have been answering."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Row, insert, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.store.tables import feed

ERROR_CHARACTERS = 500


@dataclass(frozen=True, slots=True)
class Feed:
    """A feed as it is kept. `topics` are slugs, `interval` is in seconds, `publish` auto or draft.

    `name` is what its stories give as their source. `failures` counts since the last success, and
    `last_error` says why.
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
    etag: str | None = None
    last_modified: str | None = None
    first_polled_at: datetime | None = None
    last_ok_at: datetime | None = None
    failures: int = 0
    last_error: str | None = None

    @property
    def source(self) -> str:
        """What its articles carry as their source: it outlives a change of the address."""
        return f"feed:{self.id}"


async def due(tx: AsyncConnection, now: datetime, limit: int) -> list[Feed]:
    """Return the feeds in use that are to be asked by now, the longest due first."""
    where = (feed.c.retired_at.is_(None), feed.c.next_poll_at <= now)
    statement = select(feed).where(*where).order_by(feed.c.next_poll_at, feed.c.id).limit(limit)
    return [_feed(row) for row in (await tx.execute(statement)).all()]


async def all_in_use(tx: AsyncConnection) -> list[Feed]:
    """Return the feeds that are not retired, in the order of their making."""
    statement = select(feed).where(feed.c.retired_at.is_(None)).order_by(feed.c.id)
    return [_feed(row) for row in (await tx.execute(statement)).all()]


async def failing(tx: AsyncConnection, at_least: int = 3) -> list[Feed]:
    """Return the feeds in use that failed that many times in a row, the worst first."""
    where = (feed.c.retired_at.is_(None), feed.c.failures >= at_least)
    statement = select(feed).where(*where).order_by(feed.c.failures.desc(), feed.c.id)
    return [_feed(row) for row in (await tx.execute(statement)).all()]


async def record_success(
    tx: AsyncConnection,
    feed_id: int,
    *,
    at: datetime,
    next_poll_at: datetime,
    etag: str | None,
    last_modified: str | None,
) -> None:
    """Note that the feed answered; what it said of its version is sent back to it next time."""
    where = (feed.c.id == feed_id, feed.c.first_polled_at.is_(None))
    await tx.execute(update(feed).where(*where).values(first_polled_at=at))
    values = {
        "last_ok_at": at,
        "next_poll_at": next_poll_at,
        "etag": etag,
        "last_modified": last_modified,
        "failures": 0,
        "last_error": None,
    }
    await tx.execute(update(feed).where(feed.c.id == feed_id).values(values))


async def record_failure(tx: AsyncConnection, feed_id: int, *, reason: str, next_poll_at: datetime) -> int:
    """Note why the feed could not be had, and return how many times in a row it has failed now."""
    values = {
        "failures": feed.c.failures + 1,
        "last_error": reason[:ERROR_CHARACTERS],
        "next_poll_at": next_poll_at,
    }
    statement = update(feed).where(feed.c.id == feed_id).values(values).returning(feed.c.failures)
    return int((await tx.execute(statement)).scalar_one())


async def put(
    tx: AsyncConnection,
    url: str,
    *,
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
        "name": name,
        "topics": list(topics),
        "language": language,
        "publish": publish,
        "backfill": backfill,
        "interval": interval,
    }
    retired = (feed.c.url == url, feed.c.retired_at.is_not(None))
    revive = {"retired_at": None, "next_poll_at": at, "failures": 0, "last_error": None}
    await tx.execute(update(feed).where(*retired).values(revive))
    known = update(feed).where(feed.c.url == url).values(values).returning(feed.c.id)
    feed_id = (await tx.execute(known)).scalar_one_or_none()
    if feed_id is None:
        new = insert(feed).values(url=url, origin=origin, next_poll_at=at, **values).returning(feed.c.id)
        feed_id = (await tx.execute(new)).scalar_one()
    return int(feed_id)


async def retire(tx: AsyncConnection, ids: Collection[int], at: datetime, reason: str | None = None) -> None:
    """Stop asking feeds; those retired before keep their time. `reason` stays to be read."""
    values: dict[str, Any] = {"retired_at": at}
    if reason is not None:
        values["last_error"] = reason[:ERROR_CHARACTERS]
    await tx.execute(update(feed).where(feed.c.id.in_(ids), feed.c.retired_at.is_(None)).values(values))


def _feed(row: Row[Any]) -> Feed:
    return Feed(**{**row._mapping, "topics": tuple(row.topics)})
