"""Asks the feeds that are due. Whatever goes wrong with one costs a recorded reason and a longer wait."""

from __future__ import annotations

import asyncio
import logging
from datetime import datetime, timedelta

from sqlalchemy.ext.asyncio import AsyncConnection

from bot.metrics import FEED_POLLS
from bot.sources.apart import read_feed
from bot.sources.classify import Classifier
from bot.sources.fetch import Fetched, Fetcher, FetchError
from bot.sources.intake import Handling, read_content, take_item
from bot.sources.item import Item, SourceError
from bot.store import feeds, topics
from bot.store.database import Database, reads, writes
from bot.store.feeds import Feed

log = logging.getLogger(__name__)

AT_ONCE, ITEMS_AT_ONCE = 8, 20
LONGEST_WAIT = 6 * 3600.0
LATE = timedelta(days=1)
"""An item that is older than this when a feed first shows it is archive: feeds reorder and extend."""

_due = reads(feeds.due)
_failed = writes(feeds.record_failure)
_retire = writes(feeds.retire)
_succeeded = writes(feeds.record_success)
_topics = reads(topics.load)


async def poll_due(
    db: Database, fetcher: Fetcher, now: datetime, *, min_interval: float, edit_delivered: bool
) -> int:
    """Ask the feeds that are due, a few at once; return how many were asked."""
    due = await _due(db, now, AT_ONCE)
    await asyncio.gather(
        *(_poll(db, fetcher, feed, now, max(min_interval, feed.interval), edit_delivered) for feed in due)
    )
    return len(due)


async def _poll(
    db: Database, fetcher: Fetcher, feed: Feed, now: datetime, interval: float, edit_delivered: bool
) -> None:
    try:
        fetched = await fetcher.fetch(feed.url, etag=feed.etag, last_modified=feed.last_modified)
        body = fetched.body
        items = [] if body is None else await read_feed(body, fetched.content_type, fetched.url)
        await _take(db, feed, fetched, items, now, interval, edit_delivered)
        FEED_POLLS.labels("ok").inc()
    except FetchError as error:
        FEED_POLLS.labels(error.reason).inc()
        await _note(db, feed, str(error), now, interval, error.retry_after)
        if error.gone:
            await _retire(db, [feed.id], now, "gone for good (410)")
    except SourceError as error:
        FEED_POLLS.labels(error.reason).inc()
        await _note(db, feed, str(error), now, interval, None)
    except Exception as error:
        # One feed's trouble is never another's: what we did not foresee is recorded like the rest.
        log.exception("feed %d failed in a way not foreseen", feed.id)
        FEED_POLLS.labels("unforeseen").inc()
        await _note(db, feed, f"unforeseen: {type(error).__name__}", now, interval, None)


async def _note(
    db: Database, feed: Feed, reason: str, now: datetime, interval: float, retry_after: float | None
) -> None:
    wait = min(LONGEST_WAIT, max(interval, 1.0) * 2 ** min(feed.failures + 1, 12))
    wait = max(wait, min(retry_after or 0.0, 86_400.0))
    failures = await _failed(db, feed.id, reason=reason, next_poll_at=now + timedelta(seconds=wait))
    log.warning("feed %d failed (%d in a row): %s", feed.id, failures, reason)


async def _take(
    db: Database,
    feed: Feed,
    fetched: Fetched,
    items: list[Item],
    now: datetime,
    interval: float,
    edit_delivered: bool,
) -> None:
    """Keep the items, a few in a transaction: what is to be sent waits for no whole feed."""
    classifier = Classifier(await _topics(db))
    oldest_first = list(enumerate(_newest_first(items)))[::-1]
    for start in range(0, len(oldest_first), ITEMS_AT_ONCE):
        await _take_some(
            db, feed, oldest_first[start : start + ITEMS_AT_ONCE], classifier, now, edit_delivered
        )
    await _succeeded(
        db,
        feed.id,
        at=now,
        next_poll_at=now + timedelta(seconds=interval),
        # An answer that nothing has changed need not repeat what names the version.
        etag=fetched.etag or (feed.etag if fetched.body is None else None),
        last_modified=fetched.last_modified or (feed.last_modified if fetched.body is None else None),
    )


@writes
async def _take_some(
    tx: AsyncConnection,
    feed: Feed,
    placed: list[tuple[int, Item]],
    classifier: Classifier,
    now: datetime,
    edit_delivered: bool,
) -> None:
    for place, item in placed:
        content, topic_ids = read_content(item, classifier, feed.language, feed.name, feed.topics)
        await take_item(
            tx,
            item,
            source=feed.source,
            content=content,
            topic_ids=topic_ids,
            handling=_handling(feed, item, place, now, first=feed.first_polled_at is None),
            edit_delivered=edit_delivered,
            at=now,
        )


def _newest_first(items: list[Item]) -> list[Item]:
    """Return the items by date where all have one; else in the feed's order, which is newest first."""
    dated = [(item.published, place, item) for place, item in enumerate(items) if item.published]
    if len(dated) < len(items):
        return items
    return [item for _, _, item in sorted(dated, key=lambda one: (one[0], -one[1]), reverse=True)]


def _handling(feed: Feed, item: Item, place: int, now: datetime, *, first: bool) -> Handling:
    if first:
        if place >= feed.backfill:
            return Handling.ARCHIVE
    elif item.published is not None and item.published < (feed.first_polled_at or now) - LATE:
        return Handling.ARCHIVE
    return Handling.RELEASE if feed.publish == "auto" else Handling.DRAFT
