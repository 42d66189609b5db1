"""Big feeds are read apart: the same items, the same reasons, and an end to it."""

from __future__ import annotations

import pytest

from bot.sources.apart import read_feed
from bot.sources.feed import parse_feed
from bot.sources.item import SourceError

URL = "https://example.org/feed"
HEAD = '<rss version="2.0" xmlns:media="http://search.yahoo.com/mrss/"><channel>'


def feed(words: int) -> bytes:
    item = (
        "<item><guid>{0}</guid><title>Мост {0}</title><link>/{0}</link><category>Город</category>"
        "<pubDate>Mon, 04 May 2026 13:30:00 +0300</pubDate><description><![CDATA[<p>ДОЛИНСК (Агентство). "
        + "Слово <b>дело</b>. " * words
        + '</p><p>Ещё</p>]]></description><media:content url="/{0}.jpg" medium="image"/></item>'
    )
    return (HEAD + "".join(item.format(number) for number in range(60)) + "</channel></rss>").encode()


@pytest.mark.parametrize("words", [10, 300])
async def test_items_are_the_same_wherever_they_are_read(words: int) -> None:
    body = feed(words)
    assert await read_feed(body, "application/rss+xml", URL) == parse_feed(body, "application/rss+xml", URL)


async def test_a_reason_is_the_same_wherever_it_is_found() -> None:
    with pytest.raises(SourceError) as raised:
        await read_feed(b'<!DOCTYPE a [<!ENTITY b "c">]><rss>' + b" " * 400_000, "", URL)
    assert raised.value.reason == "entities"


async def test_what_takes_too_long_is_ended() -> None:
    with pytest.raises(SourceError) as raised:
        await read_feed(feed(2000), "", URL, seconds=0.01)
    assert raised.value.reason == "too-slow"
