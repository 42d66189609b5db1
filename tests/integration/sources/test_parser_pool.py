"""What strangers wrote is read in processes that can be ended: the same items, the same reasons, and an end to it."""

from __future__ import annotations

import asyncio
import os
import signal
import sys
from collections.abc import AsyncIterator

import psutil
import pytest

from bot.sources.formats.feed import parse_feed
from bot.sources.formats.files import read_stories
from bot.sources.item import SourceError
from bot.sources.parser_pool import AT_ONCE, BIG_BODY, ParserPool

URL = "https://example.org/feed"
RSS = "application/rss+xml"
PATIENCE = 100.0
"""Seconds: whatever else the machine does, nothing is too slow."""

HEAD = '<rss version="2.0" xmlns:media="http://search.yahoo.com/mrss/"><channel>'
PAGE = "<html><body><h1>Мост открыт</h1><p>Движение началось утром.</p></body></html>".encode()


def feed(words: int, items: int = 60) -> bytes:
    item = (
        "<item><guid>{0}</guid><title>Мост {0}</title><link>/{0}</link><category>Город</category>"
        "<pubDate>Mon, 04 May 2026 13:30:00 +0300</pubDate><description><![CDATA[<p>ДОЛИНСК (Агентство). "
        + "Слово <b>дело</b>. " * words
        + '</p><p>Ещё</p>]]></description><media:content url="/{0}.jpg" medium="image"/></item>'
    )
    return (HEAD + "".join(item.format(number) for number in range(items)) + "</channel></rss>").encode()


def children() -> set[int]:
    """Return the processes that this process has started and not yet buried."""
    return {each.pid for each in psutil.Process().children()}


@pytest.fixture
async def parsers() -> AsyncIterator[ParserPool]:
    async with ParserPool(seconds=PATIENCE) as pool:
        yield pool


@pytest.mark.parametrize("words", [10, 300])
async def test_items_are_the_same_wherever_they_are_read(parsers: ParserPool, words: int) -> None:
    body = feed(words)
    assert await parsers.feed(body, RSS, URL) == parse_feed(body, RSS, URL)


@pytest.mark.parametrize(
    ("name", "body"),
    [("https://example.org/a", PAGE), ("a.txt", "Мост открыт\n\nТекст".encode()), ("a.xml", feed(3))],
)
async def test_pages_and_files_are_the_same_too(parsers: ParserPool, name: str, body: bytes) -> None:
    assert await parsers.stories(name, body) == read_stories(name, body)


async def test_a_reason_is_the_same_wherever_it_is_found(parsers: ParserPool) -> None:
    for size in (0, 400_000):
        with pytest.raises(SourceError) as raised:
            await parsers.feed(b'<!DOCTYPE a [<!ENTITY b "&c;">]><rss>' + b" " * size, "", URL)
        assert raised.value.reason == "entities"


async def test_what_takes_too_long_is_ended_and_the_next_is_read() -> None:
    async with ParserPool(seconds=0.02) as hurried:
        with pytest.raises(SourceError) as raised:
            await hurried.feed(feed(2000), "", URL)
        assert raised.value.reason == "too-slow"


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no such bounds")
@pytest.mark.parametrize(
    "limits",
    [{"memory": 200_000_000}, {"cpu_seconds": 1}],
    ids=["memory", "processor time"],
)
async def test_who_takes_too_much_is_refused_and_the_next_is_read(limits: dict[str, int]) -> None:
    async with ParserPool(seconds=PATIENCE, **limits) as bounded:
        with pytest.raises(SourceError) as raised:
            await bounded.feed(feed(2_000, 250), RSS, URL)
        assert raised.value.reason == "too-much"
        assert len(await bounded.feed(feed(1, 3), RSS, URL)) == 3


@pytest.mark.skipif(sys.platform != "linux", reason="looks into /proc")
class TestProcesses:
    """How many processes there are, and what becomes of them."""

    async def test_one_stays_for_the_next_task(self, parsers: ParserPool) -> None:
        before = children()
        await parsers.feed(feed(1), RSS, URL)
        first = children() - before
        await parsers.feed(feed(1), RSS, URL)
        await parsers.stories("a.xml", feed(1))
        assert len(first) == 1
        assert children() - before == first

    async def test_many_tasks_share_two(self, parsers: ParserPool) -> None:
        before = children()
        read = await asyncio.gather(*(parsers.feed(feed(1, number), RSS, URL) for number in range(1, 9)))
        assert [len(items) for items in read] == list(range(1, 9))
        assert len(children() - before) == AT_ONCE

    async def test_after_a_big_body_another_takes_over(self, parsers: ParserPool) -> None:
        before = children()
        body = feed(1)
        await parsers.feed(body + b" " * BIG_BODY, RSS, URL)
        assert children() == before
        assert len(await parsers.feed(body, RSS, URL)) == 60

    async def test_a_cancelled_task_ends_its_process(self, parsers: ParserPool) -> None:
        before = children()
        task = asyncio.create_task(parsers.feed(feed(2000), RSS, URL))
        while children() == before:
            await asyncio.sleep(0.01)
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task
        assert children() == before

    async def test_one_that_was_ended_from_outside_is_replaced(self, parsers: ParserPool) -> None:
        before = children()
        await parsers.feed(feed(1), RSS, URL)
        (pid,) = children() - before

        os.kill(pid, signal.SIGKILL)
        while pid in children():
            await asyncio.sleep(0.01)
        assert len(await parsers.feed(feed(1), RSS, URL)) == 60

    async def test_none_is_left_at_the_end(self) -> None:
        before = children()
        async with ParserPool(seconds=PATIENCE) as pool:
            await asyncio.gather(pool.feed(feed(1), RSS, URL), pool.feed(feed(1), RSS, URL))
        assert children() == before
