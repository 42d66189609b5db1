"""A slow feed holds its own place: the others are asked meanwhile, and it is asked less often."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta

import pytest
from aiohttp import web
from aiohttp.test_utils import TestServer

from bot.sources.feed_poller import CLAIM, LONGEST_WAIT, SHARE, FeedPoller, FeedPolling
from bot.sources.fetch.fetcher import Fetcher
from bot.sources.parser_pool import ParserPool
from bot.store.engine.database import Database
from bot.store.newsroom import feeds
from bot.store.newsroom.feeds import Feed
from tests.support.transactions import reads, writes

NOW = datetime(2026, 5, 4, 12, tzinfo=UTC)
RSS = '<rss version="2.0"><channel><item><guid>1</guid><title>Мост открыт</title></item></channel></rss>'


class Site:
    """A site with a quick feed and a slow one, which answers when `slow_for` is set."""

    def __init__(self) -> None:
        self.slow_for = asyncio.Event()
        self.asked: list[str] = []
        self.slow_since = 0.0
        self.quick = self.slow = ""

    async def answer(self, request: web.Request) -> web.Response:
        self.asked.append(request.path)
        if request.path == "/slow":
            self.slow_since = asyncio.get_running_loop().time()
            await self.slow_for.wait()
        return web.Response(text=RSS)


@pytest.fixture
async def site(sqlite_db: Database) -> AsyncIterator[Site]:
    """The site, with both feeds in the database."""
    made = Site()
    app = web.Application()
    app.router.add_get("/{feed}", made.answer)
    server = TestServer(app, host="127.0.0.1")
    await server.start_server()
    made.slow, made.quick = (str(server.make_url(path)) for path in ("/slow", "/quick"))
    for url in (made.slow, made.quick):
        await writes(feeds.put)(
            sqlite_db, url, language="ru", publish="auto", interval=1, origin="file", at=NOW
        )
    yield made
    made.slow_for.set()
    await server.close()


@pytest.fixture
async def poller(sqlite_db: Database) -> AsyncIterator[FeedPoller]:
    async with Fetcher(allow_private=True) as fetcher, ParserPool() as parsers:
        made = FeedPoller(sqlite_db, FeedPolling(fetcher, parsers, 0, edit_delivered=True, look_seconds=0.2))
        yield made
        await made.close()


async def feed_at(db: Database, url: str) -> Feed:
    return next(feed for feed in await reads(feeds.all_in_use)(db) if feed.url == url)


async def test_a_slow_feed_holds_up_no_other_and_is_left_alone_for_longer(
    sqlite_db: Database, site: Site, poller: FeedPoller
) -> None:
    at = NOW
    for looks in range(1, 4):
        # The slow feed's claim is over at the second look, and still the feed is not asked twice.
        while site.asked.count("/quick") < looks:
            await poller.look(at)
        at += max(CLAIM, timedelta(seconds=LONGEST_WAIT))
    held = asyncio.get_running_loop().time() - site.slow_since
    site.slow_for.set()
    while (feed := await feed_at(sqlite_db, site.slow)).last_ok_at is None:
        await asyncio.sleep(0.01)
    assert feed.next_poll_at - NOW >= timedelta(seconds=min(LONGEST_WAIT, SHARE * held))
    assert (feed.failures, (await feed_at(sqlite_db, site.quick)).failures) == (0, 0)
    assert site.asked.count("/slow") == 1


async def test_a_look_that_is_given_up_leaves_the_feed_due_when_its_claim_is_over(
    sqlite_db: Database, site: Site, poller: FeedPoller
) -> None:
    while "/slow" not in site.asked:
        await poller.look(NOW)
    await poller.close()
    feed = await feed_at(sqlite_db, site.slow)
    assert (feed.failures, feed.next_poll_at) == (0, NOW + CLAIM)
