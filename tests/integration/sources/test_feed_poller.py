"""Feeds are asked when due; what is new is taken once, and whatever goes wrong is a reason and a wait."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from aiohttp import web
from aiohttp.test_utils import TestServer

from bot.model.bulletin import BulletinKind
from bot.model.story.article import Article, Status
from bot.sources.feed_poller import CLAIM, ITEMS_AT_ONCE, LONGEST_WAIT, FeedPoller, FeedPolling, Lost
from bot.sources.fetch.fetcher import Fetcher
from bot.sources.parser_pool import ParserPool
from bot.store.engine.database import Database
from bot.store.ledger import bulletins
from bot.store.newsroom import articles, feeds, topics
from bot.store.newsroom.feeds import Feed
from tests.support.servers.feeds import NOW, Site, item
from tests.support.transactions import reads, writes

put_feed, put_topic, newest = writes(feeds.put), writes(topics.put), reads(articles.newest)


@pytest.fixture
async def site() -> AsyncIterator[Site]:
    made = Site()
    app = web.Application()
    app.router.add_get("/feed", made.answer)
    server = TestServer(app, host="127.0.0.1")
    await server.start_server()
    made.url = str(server.make_url("/feed"))
    yield made
    await server.close()


async def keep(db: Database, url: str, *, publish: str = "auto", backfill: int = 0) -> int:
    return await put_feed(
        db,
        url,
        name="Лента",
        language="ru",
        publish=publish,
        backfill=backfill,
        interval=300,
        origin="file",
        at=NOW,
    )


async def poll(db: Database, at: datetime = NOW, *, edit: bool = True) -> int:
    async with Fetcher(allow_private=True) as fetcher:
        return await look(db, fetcher, at, edit=edit)


async def look(db: Database, fetcher: Fetcher, at: datetime, *, edit: bool = True) -> int:
    async with ParserPool() as parsers:
        return await FeedPoller(db, FeedPolling(fetcher, parsers, 60, edit, look_seconds=60)).look(at)


async def only_feed(db: Database) -> Feed:
    (found,) = await reads(feeds.all_in_use)(db)
    return found


async def taken(db: Database) -> dict[str, Article]:
    return {each.content.headline: each for each in await newest(db, 50)}


async def test_the_first_poll_publishes_the_newest_and_keeps_the_rest_as_archive(
    db: Database, site: Site
) -> None:
    await keep(db, site.url, backfill=1)
    site.items = [item(1, hour=-3), item(3, hour=-1), item(2, hour=-2)]
    assert await poll(db) == 1
    found = await taken(db)
    assert {name: each.status for name, each in found.items()} == {
        "Новость 1": Status.ARCHIVED,
        "Новость 2": Status.ARCHIVED,
        "Новость 3": Status.SCHEDULED,
    }
    assert found["Новость 3"].release_at == NOW
    assert found["Новость 1"].published_at == NOW - timedelta(hours=3)
    assert (await only_feed(db)).next_poll_at == NOW + timedelta(seconds=300)
    assert await poll(db) == 0


async def test_a_long_feed_is_taken_in_pieces_and_whole(db: Database, site: Site) -> None:
    await keep(db, site.url, backfill=2)
    site.items = [item(number, hour=-number) for number in range(1, ITEMS_AT_ONCE * 2 + 2)]
    await poll(db)
    found = await taken(db)
    released = {name for name, each in found.items() if each.status is Status.SCHEDULED}
    assert (len(found), released) == (len(site.items), {"Новость 1", "Новость 2"})


async def test_what_comes_later_is_published_and_what_is_old_by_then_is_archive(
    db: Database, site: Site
) -> None:
    await keep(db, site.url)
    site.items = [item(1)]
    await poll(db)
    site.items = [item(4, hour=-72), item(3, hour=1), item(2, hour=0), item(1)]
    await poll(db, NOW + timedelta(hours=1))
    assert {name: each.status for name, each in (await taken(db)).items()} == {
        "Новость 1": Status.ARCHIVED,
        "Новость 2": Status.SCHEDULED,
        "Новость 3": Status.SCHEDULED,
        "Новость 4": Status.ARCHIVED,
    }


@pytest.mark.parametrize(
    "date", ["", "Thu, 01 Jan 1970 00:00:00 GMT", "0001-01-01T00:00:00", "2199-01-01", "вчера"]
)
async def test_an_item_of_a_known_feed_without_a_date_to_believe_is_news(
    sqlite_db: Database, site: Site, date: str
) -> None:
    await keep(sqlite_db, site.url)
    site.items = [item(1)]
    await poll(sqlite_db)
    site.items = [f"<item><guid>2</guid><title>Новость 2</title><pubDate>{date}</pubDate></item>", item(1)]
    await poll(sqlite_db, NOW + timedelta(hours=1))
    assert (await taken(sqlite_db))["Новость 2"].status is Status.SCHEDULED


async def test_a_wrong_name_of_the_encoding_changes_no_story(sqlite_db: Database, site: Site) -> None:
    await keep(sqlite_db, site.url)
    # The letter И is the byte 98 in UTF-8, and no letter of windows-1251: without it the wrong name fits.
    site.items = [item(1), item(2, title="Идёт ремонт")]
    site.headers = {"Content-Type": "application/rss+xml; charset=windows-1251"}
    await poll(sqlite_db)
    site.items = [item(1)]
    await poll(sqlite_db, NOW + timedelta(hours=1))
    assert (await taken(sqlite_db))["Новость 1"].revision == 1


async def test_text_whose_letters_were_lost_is_an_error_and_changes_no_story(
    sqlite_db: Database, site: Site
) -> None:
    await keep(sqlite_db, site.url)
    site.items = [item(1)]
    await poll(sqlite_db)
    site.items = [item(1, title="\ufffd" * 7 + " 1", text="\ufffd" * 5)]
    await poll(sqlite_db, NOW + timedelta(hours=1))
    assert [each.revision for each in (await taken(sqlite_db)).values()] == [1]
    failed = await only_feed(sqlite_db)
    assert (failed.failures, failed.last_error) == (1, "encoding: most of its letters were lost")


async def test_a_feed_tells_how_many_of_its_items_lost_their_letters_until_it_is_mended(
    sqlite_db: Database, site: Site
) -> None:
    number = await keep(sqlite_db, site.url)
    broken = [item(each, title="\ufffd" * 7, text="\ufffd" * 5) for each in (8, 9)]
    async with Fetcher(allow_private=True) as fetcher, ParserPool() as parsers:
        poller = FeedPoller(sqlite_db, FeedPolling(fetcher, parsers, 60, True, look_seconds=60))
        site.items = [item(1), item(2), item(3), *broken]
        await poller.look(NOW)
        assert poller.lost == {number: Lost("Лента", 2)}
        assert sorted(await taken(sqlite_db)) == ["Новость 1", "Новость 2", "Новость 3"]
        site.items = [item(1)]
        await poller.look(NOW + timedelta(hours=3))
        assert poller.lost == {}


async def test_a_feed_that_is_not_trusted_makes_drafts(db: Database, site: Site) -> None:
    await keep(db, site.url, publish="draft", backfill=5)
    site.items = [item(1)]
    await poll(db)
    assert (await taken(db))["Новость 1"].status is Status.DRAFT


async def test_an_item_seen_again_is_one_article_and_a_changed_one_a_next_revision(
    db: Database, site: Site
) -> None:
    await keep(db, site.url)
    site.items = [item(1), item(2)]
    await poll(db)
    site.items = [item(1), item(2, title="Новость 2, уточнённая"), item(2, title="повтор")]
    await poll(db, NOW + timedelta(hours=1))
    found = await taken(db)
    assert {name: each.revision for name, each in found.items()} == {
        "Новость 1": 1,
        "Новость 2, уточнённая": 2,
    }


@pytest.mark.parametrize("edit", [True, False])
async def test_what_was_published_is_corrected_where_that_is_wanted(
    db: Database, site: Site, edit: bool
) -> None:
    await keep(db, site.url, backfill=1)
    site.items = [item(1)]
    await poll(db)
    (article,) = (await taken(db)).values()
    await writes(articles.save)(db, article.publish(NOW))
    site.items = [item(1, text="Другой текст")]
    await poll(db, NOW + timedelta(hours=1), edit=edit)
    told = [each.kind for each in await reads(bulletins.unfinished)(db)]
    assert told == ([BulletinKind.CORRECTED] if edit else [])
    assert (await taken(db))["Новость 1"].revision == 2


async def test_what_an_editor_corrected_stands_until_the_source_says_something_new(
    db: Database, site: Site
) -> None:
    await keep(db, site.url)
    site.items = [item(1)]
    await poll(db)
    (article,) = (await taken(db)).values()
    corrected = article.correct(replace(article.content, headline="Исправлено"), NOW)
    await writes(articles.save)(db, corrected, by=7)
    await poll(db, NOW + timedelta(hours=1))
    assert list(await taken(db)) == ["Исправлено"]
    site.items = [item(1, title="Новое")]
    await poll(db, NOW + timedelta(hours=2))
    assert {name: each.revision for name, each in (await taken(db)).items()} == {"Новое": 3}


async def test_what_editors_killed_stays_killed(db: Database, site: Site) -> None:
    await keep(db, site.url)
    site.items = [item(1)]
    await poll(db)
    (article,) = (await taken(db)).values()
    await writes(articles.save)(db, article.take_back(NOW))
    site.items = [item(1, title="Снова")]
    await poll(db, NOW + timedelta(hours=1))
    kept = await reads(articles.get)(db, article.id)
    assert kept is not None
    assert (kept.status, kept.revision) == (Status.KILLED, 1)


async def test_topics_are_chosen_as_items_come(db: Database, site: Site) -> None:
    world = await put_topic(db, "world", {"ru": "Мир"}, origin="file")
    await keep(db, site.url)
    site.items = [item(1, category="мир")]
    await poll(db)
    assert (await taken(db))["Новость 1"].topic_ids == (world,)


async def test_a_version_that_is_known_is_not_fetched_again(sqlite_db: Database, site: Site) -> None:
    await keep(sqlite_db, site.url)
    site.items, site.headers = [item(1)], {"ETag": '"1"', "Last-Modified": "Mon, 04 May 2026 10:00:00 GMT"}
    await poll(sqlite_db)
    await poll(sqlite_db, NOW + timedelta(hours=1))
    assert site.asked[1]["If-None-Match"] == '"1"'
    feed = await only_feed(sqlite_db)
    assert (feed.failures, feed.cursor.get("etag"), feed.last_ok_at) == (0, '"1"', NOW + timedelta(hours=1))


@pytest.mark.parametrize(
    ("status", "body", "says"),
    [
        (500, None, "http-500"),
        (200, b"<!DOCTYPE html><p>Closed</p>", "not-a-feed"),
        (200, b'<!DOCTYPE a [<!ENTITY b "&c;">]><rss/>', "entities"),
        (200, b"<rss>" + b"<a>" * 5000, "too-deep"),
        (200, b"\x98\xff", "encoding"),
    ],
)
async def test_a_failure_is_a_reason_and_a_longer_wait(
    sqlite_db: Database, site: Site, status: int, body: bytes | None, says: str
) -> None:
    await keep(sqlite_db, site.url)
    site.status, site.body = status, body
    at, waits = NOW, []
    for number in range(1, 9):
        assert await poll(sqlite_db, at) == 1
        feed = await only_feed(sqlite_db)
        assert feed.failures == number
        assert says in (feed.last_error or "")
        waits.append((feed.next_poll_at - at).total_seconds())
        at = feed.next_poll_at
    assert waits[:3] == [600, 1200, 2400]
    assert waits[-1] == LONGEST_WAIT
    site.status, site.body, site.items = 200, None, [item(1)]
    await poll(sqlite_db, at)
    assert ((await only_feed(sqlite_db)).failures, (await only_feed(sqlite_db)).last_error) == (0, None)


async def test_a_wait_that_the_server_asks_for_is_kept_and_what_is_gone_is_retired(
    sqlite_db: Database, site: Site
) -> None:
    await keep(sqlite_db, site.url)
    site.status, site.headers = 429, {"Retry-After": "7200"}
    await poll(sqlite_db)
    assert (await only_feed(sqlite_db)).next_poll_at == NOW + timedelta(hours=2)
    site.status, site.headers = 410, {}
    await poll(sqlite_db, NOW + timedelta(hours=2))
    assert await reads(feeds.all_in_use)(sqlite_db) == []
    assert await poll(sqlite_db, NOW + timedelta(days=9)) == 0


async def test_one_feeds_trouble_is_not_anothers(sqlite_db: Database, site: Site) -> None:
    await keep(sqlite_db, "http://127.0.0.1:1/none")
    await keep(sqlite_db, site.url)
    site.items = [item(1)]
    assert await poll(sqlite_db) == 2
    assert list(await taken(sqlite_db)) == ["Новость 1"]
    assert [feed.failures for feed in await reads(feeds.all_in_use)(sqlite_db)] == [1, 0]


async def test_a_private_address_costs_a_reason_where_that_is_not_allowed(
    sqlite_db: Database, site: Site
) -> None:
    await keep(sqlite_db, site.url)
    async with Fetcher() as fetcher:
        await look(sqlite_db, fetcher, NOW)
    assert "private-address" in ((await only_feed(sqlite_db)).last_error or "")
    assert site.asked == []


async def test_of_two_pollers_at_once_one_reads_the_feed(db: Database, site: Site) -> None:
    await keep(db, site.url, backfill=9)
    site.items = [item(1)]
    assert sorted(await asyncio.gather(*(poll(db) for _ in range(4)))) == [0, 0, 0, 1]
    assert len(site.asked) == 1
    assert (await only_feed(db)).failures == 0


async def test_a_feed_whose_reader_died_is_read_again_by_another(db: Database, site: Site) -> None:
    feed_id = await keep(db, site.url)
    assert await writes(feeds.claim)(db, feed_id, NOW, until=NOW + CLAIM)
    assert not await writes(feeds.claim)(db, feed_id, NOW, until=NOW + CLAIM)
    assert await poll(db, NOW + CLAIM / 2) == 0
    assert await poll(db, NOW + CLAIM) == 1


def linked(word: str, uid: str) -> str:
    return (
        f"<item><guid>{uid}</guid><title>Новость про {word}</title><link>https://news.example/{word}</link>"
        f"<description>Всё о предмете {word}.</description></item>"
    )


async def test_stories_under_one_guid_stay_apart_however_many_of_them_the_feed_shows(
    db: Database, site: Site
) -> None:
    await keep(db, site.url, backfill=9)
    for hour, words in enumerate((("мост",), ("сад", "мост"), ("лес", "сад", "мост"), ("лес",))):
        site.items = [linked(word, "https://news.example/") for word in words]
        await poll(db, NOW + timedelta(hours=hour))
    found = {name: each.revision for name, each in (await taken(db)).items()}
    assert found == {f"Новость про {word}": 1 for word in ("мост", "сад", "лес")}
    assert len(await newest(db, 50)) == 3
