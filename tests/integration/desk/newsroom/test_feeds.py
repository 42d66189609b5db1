"""Feeds are added, changed, paused and removed, and say how they are doing."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime, timedelta

import pytest

from bot.desk.newsroom import feeds, topics
from bot.model.errors import Refusal
from bot.model.story.article import Content
from bot.store.engine.database import Database
from bot.store.newsroom import articles, audit, held_edits
from bot.store.newsroom import feeds as kept
from bot.store.newsroom.feeds import Feed
from tests.support.transactions import reads, writes

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)
OLGA, EGOR = 11, 12
URL = "https://www.example.org/feed.xml?key=secret"
due, deeds = reads(kept.due), reads(audit.recent)


async def add(db: Database, url: str = URL, **choices: str) -> Feed:
    return await feeds.add(db, url, at=NOW, by=OLGA, **choices)


async def test_a_feed_is_added_once_and_asked_at_once(db: Database) -> None:
    feed = await add(db)
    assert (feed.name, feed.publish, feed.language, feed.backfill) == ("example.org", "auto", "", 0)
    assert [each.id for each in await due(db, NOW, 5)] == [feed.id]
    with pytest.raises(Refusal, match="feed-there"):
        await add(db)
    made = (await deeds(db, 1))[0]
    assert (made.verb, made.detail) == ("add-feed", "example.org (www.example.org)")
    assert (await add(db, "example.org/second.xml")).url == "https://example.org/second.xml"


@pytest.mark.parametrize(
    "wrong", ["", "file:///etc/passwd", "just words", "https://", "https://e.org/" + "x" * 1000]
)
async def test_what_is_no_address_is_refused(db: Database, wrong: str) -> None:
    with pytest.raises(Refusal, match="no-address"):
        await add(db, wrong)


async def test_a_feed_is_changed_by_who_saw_it_last(db: Database) -> None:
    feed = await add(db)
    await topics.add(db, {"ru": "Мир"}, at=NOW, by=OLGA, slug="world")
    feed = await feeds.rename(db, feed.id, " Вести  долины ", at=NOW, by=OLGA, seen=feed.version)
    assert feed.name == "Вести долины"
    feed = await feeds.choose_topics(db, feed.id, ("world",), at=NOW, by=OLGA, seen=feed.version)
    feed = await feeds.choose_publish(db, feed.id, "draft", at=NOW, by=OLGA, seen=feed.version)
    assert (feed.topics, feed.publish) == (("world",), "draft")
    for refused in (
        feeds.rename(db, feed.id, "Другая", at=NOW, by=EGOR, seen=feed.version - 1),
        feeds.pause(db, feed.id, at=NOW, by=EGOR, seen=feed.version - 1),
        feeds.remove(db, feed.id, at=NOW, by=EGOR, seen=feed.version - 1),
    ):
        with pytest.raises(Refusal, match="source-changed") as caught:
            await refused
        assert caught.value.facts["by"] == OLGA
    with pytest.raises(Refusal, match="no-topic"):
        await feeds.choose_topics(db, feed.id, ("sport",), at=NOW, by=OLGA)
    with pytest.raises(Refusal, match="no-feed-name"):
        await feeds.rename(db, feed.id, " ", at=NOW, by=OLGA)


async def test_of_two_who_remove_and_rename_at_once_one_is_refused(db: Database) -> None:
    feed = await add(db)
    both = await asyncio.gather(
        feeds.remove(db, feed.id, at=NOW, by=OLGA, seen=feed.version),
        feeds.rename(db, feed.id, "Вести", at=NOW, by=EGOR, seen=feed.version),
        return_exceptions=True,
    )
    codes = [each.code for each in both if isinstance(each, Refusal)]
    assert codes in (["source-changed"], ["source-removed"])


async def test_a_paused_feed_is_not_asked(db: Database) -> None:
    feed = await add(db)
    await writes(kept.record_failure)(db, feed.id, reason="timeout", next_poll_at=NOW + timedelta(hours=6))
    await feeds.pause(db, feed.id, at=NOW, by=OLGA)
    assert not await due(db, NOW + timedelta(days=1), 5)
    assert not await writes(kept.claim)(db, feed.id, NOW + timedelta(days=1), until=NOW)
    assert not await reads(kept.failing)(db, 1)
    with pytest.raises(Refusal, match="already-paused"):
        await feeds.pause(db, feed.id, at=NOW, by=EGOR)
    again = await feeds.resume(db, feed.id, at=NOW, by=OLGA)
    assert (again.failures, again.last_error) == (0, None)
    assert [each.id for each in await due(db, NOW, 5)] == [feed.id]
    with pytest.raises(Refusal, match="not-paused"):
        await feeds.resume(db, feed.id, at=NOW, by=OLGA)


async def test_a_removed_feed_comes_back_with_its_history(db: Database) -> None:
    feed = await add(db)
    await feeds.remove(db, feed.id, at=NOW, by=OLGA)
    with pytest.raises(Refusal, match="source-removed") as caught:
        await feeds.find(db, feed.id, NOW)
    assert caught.value.facts == {"by": OLGA}
    with pytest.raises(Refusal, match="no-feed"):
        await feeds.find(db, 99, NOW)
    assert (await add(db)).id == feed.id
    assert [each.verb for each in await deeds(db, 3)] == ["add-feed", "remove-feed", "add-feed"]


async def test_a_feed_says_what_it_brought_and_what_is_held(db: Database) -> None:
    feed = await add(db)
    async with db.write() as tx:
        for hours, uid in ((1, "a"), (2, "b"), (30, "c")):
            at = NOW - timedelta(hours=hours)
            story = await articles.add(tx, Content(f"Мост {uid}"), source=feed.source, uid=uid, at=at)
        await held_edits.keep(tx, story.id, Content("Мост"), source=feed.source, reason="body", at=NOW)
    found = await feeds.find(db, feed.id, NOW)
    assert (found.today, found.held) == (2, 1)
    assert (await feeds.by_words(db, "EXAMPLE.org", NOW)).feed.id == feed.id
