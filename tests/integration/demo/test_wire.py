import json
from collections.abc import AsyncIterator
from io import BytesIO
from typing import Any

import aiohttp
import feedparser
import pytest

from bot.demo.wire import PAUSES, STARTS_WITH, Wire

PATHS = {"news": "/feeds/news.rss", "magazine": "/feeds/magazine.atom", "english": "/feeds/english.json"}


@pytest.fixture
async def wire() -> AsyncIterator[Wire]:
    served = Wire()
    await served.start()
    yield served
    await served.stop()


@pytest.fixture
async def web(wire: Wire) -> AsyncIterator[aiohttp.ClientSession]:
    async with aiohttp.ClientSession(wire.url) as session:
        yield session


def entries(feed: str, body: bytes) -> list[dict[str, Any]]:
    """Return (id, title, link) and so on of each item, in one form for all three feeds."""
    if feed == "english":
        items = json.loads(body)["items"]
        return [
            {"id": e["id"], "title": e["title"], "link": e["url"], "body": e["content_html"]} for e in items
        ]
    parsed = feedparser.parse(BytesIO(body))
    assert not parsed.bozo, parsed.get("bozo_exception")
    assert parsed.version == {"news": "rss20", "magazine": "atom10"}[feed]
    return [
        {"id": e.id, "title": e.title, "link": e.link, "body": e.content[0].value} for e in parsed.entries
    ]


@pytest.mark.parametrize("feed", PATHS)
async def test_each_feed_is_valid_and_has_stories_at_the_start(feed: str, web: aiohttp.ClientSession) -> None:
    async with web.get(PATHS[feed]) as response:
        found = entries(feed, await response.read())
    assert len(found) == STARTS_WITH
    assert len({entry["id"] for entry in found}) == STARTS_WITH
    agency = "Valley Herald" if feed == "english" else "Вестник Долины"
    assert all(entry["title"] and f"({agency})" in entry["body"] for entry in found)


@pytest.mark.parametrize("feed", PATHS)
async def test_a_feed_that_has_not_changed_is_not_sent_again(feed: str, web: aiohttp.ClientSession) -> None:
    async with web.get(PATHS[feed]) as first:
        tag, changed = first.headers["ETag"], first.headers["Last-Modified"]
    for header in ({"If-None-Match": tag}, {"If-Modified-Since": changed}):
        async with web.get(PATHS[feed], headers=header) as second:
            assert second.status == 304
            assert second.headers["ETag"] == tag
            assert await second.read() == b""


@pytest.mark.parametrize("feed", PATHS)
async def test_a_new_story_makes_a_new_tag_and_leaves_the_others_their_ids(
    feed: str, wire: Wire, web: aiohttp.ClientSession
) -> None:
    async with web.get(PATHS[feed]) as response:
        tag, before = response.headers["ETag"], entries(feed, await response.read())
    while len(wire.feeds[feed].items) == STARTS_WITH:
        wire.step()
    async with web.get(PATHS[feed], headers={"If-None-Match": tag}) as response:
        assert response.status == 200
        after = entries(feed, await response.read())
    assert [entry["id"] for entry in after][1:] == [entry["id"] for entry in before]


async def test_a_correction_keeps_the_id_and_changes_the_words(wire: Wire) -> None:
    sent: dict[str, Any] = {}
    while (item := wire.step()).uid not in sent:
        sent[item.uid] = item
    first = sent[item.uid]
    assert item.story == first.story.corrected() != first.story
    assert item.published == first.published
    assert item.updated > first.updated


async def test_the_wire_never_runs_dry_and_never_repeats_an_id(wire: Wire) -> None:
    corrected, uids = 0, set()
    for _ in range(200):
        item = wire.step()
        corrected += item.uid in uids
        uids.add(item.uid)
    assert len(uids) == 200 - corrected
    assert corrected
    assert all(20 <= pause <= 40 for pause in PAUSES)


async def test_links_and_pictures_of_every_item_can_be_opened(wire: Wire, web: aiohttp.ClientSession) -> None:
    for _ in range(60):
        wire.step()
    for feed in wire.feeds.values():
        for item in feed.items:
            async with web.get(f"/news/{item.uid}") as page:
                assert page.status == 200
                assert item.story.headline in await page.text()
            if item.story.picture:
                async with web.get(f"/pictures/{item.story.picture}") as picture:
                    assert picture.status == 200
                    assert picture.content_type in ("image/jpeg", "image/png")


@pytest.mark.parametrize("path", ["/feeds/other.rss", "/news/nothing-1", "/pictures/../wire.py", "/"])
async def test_what_is_not_there_is_not_found(path: str, web: aiohttp.ClientSession) -> None:
    async with web.get(path) as response:
        assert response.status == 404
