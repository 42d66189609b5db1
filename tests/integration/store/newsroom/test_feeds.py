"""Feeds remember how they have been answering."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from bot.store.engine.database import Database
from bot.store.newsroom import feeds
from bot.store.newsroom.feeds import Feed
from tests.support.transactions import reads, writes

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)
LATER = NOW + timedelta(hours=1)
URL = "https://example.org/feed"

due, success, failure = reads(feeds.due), writes(feeds.record_success), writes(feeds.record_failure)


async def _put(db: Database, url: str = URL, at: datetime = NOW, interval: int = 300) -> int:
    return await writes(feeds.put)(
        db,
        url,
        name="Лента",
        topics=["world"],
        language="ru",
        publish="auto",
        backfill=3,
        interval=interval,
        origin="file",
        at=at,
    )


async def _only(db: Database) -> Feed:
    (found,) = await reads(feeds.all_in_use)(db)
    return found


async def test_a_new_feed_is_due_at_once_and_comes_back_as_it_was_put(db: Database) -> None:
    feed_id = await _put(db)
    (found,) = await due(db, NOW, 10)
    assert found == Feed(feed_id, URL, "Лента", ("world",), "ru", "auto", 3, 300, "file", NOW)
    assert found.source == f"feed:{feed_id}"
    assert await due(db, NOW - timedelta(seconds=1), 10) == []


async def test_a_success_remembers_the_version_and_forgets_the_failures(db: Database) -> None:
    feed_id = await _put(db)
    assert await failure(db, feed_id, reason="timeout", next_poll_at=NOW) == 1
    assert await failure(db, feed_id, reason="timeout", next_poll_at=NOW) == 2
    await success(db, feed_id, at=NOW, next_poll_at=LATER, cursor={"etag": '"1"'})
    await success(db, feed_id, at=LATER, next_poll_at=LATER, cursor={"etag": '"2"', "last_modified": "Sun"})
    found = await _only(db)
    assert (found.failures, found.last_error) == (0, None)
    assert found.cursor == {"etag": '"2"', "last_modified": "Sun"}
    assert (found.first_polled_at, found.last_ok_at) == (NOW, LATER)
    assert await due(db, NOW, 10) == []


async def test_feeds_that_keep_failing_are_named_with_the_reason(db: Database) -> None:
    bad, good = await _put(db), await _put(db, "https://example.org/other")
    for _ in range(3):
        await failure(db, bad, reason="x" * 1000, next_poll_at=LATER)
    await failure(db, good, reason="once", next_poll_at=LATER)
    (found,) = await reads(feeds.failing)(db)
    assert (found.id, found.failures, found.last_error) == (bad, 3, "x" * 500)


async def test_a_feed_put_again_keeps_its_history(db: Database) -> None:
    feed_id = await _put(db)
    await success(db, feed_id, at=NOW, next_poll_at=LATER, cursor={"etag": '"1"'})
    assert await _put(db, at=LATER, interval=60) == feed_id
    found = await _only(db)
    assert (found.interval, found.cursor, found.next_poll_at) == (60, {"etag": '"1"'}, LATER)


async def test_a_retired_feed_is_not_asked_and_comes_back_with_its_history(db: Database) -> None:
    feed_id = await _put(db)
    await success(db, feed_id, at=NOW, next_poll_at=NOW, cursor={"etag": '"1"'})
    await writes(feeds.retire)(db, [feed_id], NOW, "gone")
    assert await due(db, LATER, 10) == []
    assert await reads(feeds.all_in_use)(db) == []
    assert await _put(db, at=LATER) == feed_id
    found = await _only(db)
    assert (found.first_polled_at, found.next_poll_at, found.last_error) == (NOW, LATER, None)


async def test_the_longest_due_are_asked_first(db: Database) -> None:
    late = await _put(db, "https://example.org/late", NOW)
    early = await _put(db, "https://example.org/early", NOW - timedelta(hours=1))
    assert [each.id for each in await due(db, NOW, 10)] == [early, late]
    assert [each.id for each in await due(db, NOW, 1)] == [early]
