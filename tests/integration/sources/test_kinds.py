"""A new kind of source is one file and one line: its stories reach the store and are published."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from aiohttp import web
from aiohttp.test_utils import TestServer

from bot.desk.release_due import release_due
from bot.model.bulletin import BulletinKind
from bot.model.errors import SetupError
from bot.model.story.article import Status
from bot.sources.feed_poller import FeedPoller, FeedPolling
from bot.sources.fetch.fetcher import Fetcher
from bot.sources.item import Item, SourceError
from bot.sources.kinds.file import FileSource
from bot.sources.newsroom.adoption import apply
from bot.sources.newsroom.file import load_newsroom
from bot.sources.parser_pool import ParserPool
from bot.sources.registry import KINDS
from bot.sources.source import Batch, Cursor
from bot.store.engine.database import Database
from bot.store.ledger import bulletins
from bot.store.newsroom import articles, feeds
from tests.support.transactions import reads, writes

NOW = datetime(2026, 5, 4, 12, tzinfo=UTC)
NEWSROOM = """
name = "Вестник"
[[topic]]
slug = "world"
names = {{ ru = "Мир" }}
[[feed]]
kind = "{kind}"
url = "{url}"
topics = ["world"]
backfill = 9
"""


# This class is the file that a new kind needs.
class LineSource:
    """A story a line, the newest last: an identity, a tab, a headline. The cursor is how many lines were read."""

    def __init__(self, address: str, fetcher: Fetcher, _parsers: ParserPool) -> None:
        self._address = address
        self._fetcher = fetcher

    async def fetch(self, cursor: Cursor) -> Batch:
        fetched = await self._fetcher.fetch(self._address)
        lines = (fetched.body or b"").decode().splitlines()
        told = [line.split("\t") for line in lines[int(cursor.get("lines", "0")) :]]
        items = [Item(uid, headline) for uid, headline in reversed(told)]
        return Batch(tuple(items), {"lines": str(len(lines))})


@pytest.fixture
async def wire() -> AsyncIterator[list[str]]:
    """The lines of a wire; the address is the first of them."""
    lines: list[str] = []

    async def answer(_request: web.Request) -> web.Response:
        return web.Response(text="\n".join(lines[1:]))

    app = web.Application()
    app.router.add_get("/wire", answer)
    server = TestServer(app, host="127.0.0.1")
    await server.start_server()
    lines.append(str(server.make_url("/wire")))
    yield lines
    await server.close()


async def poll(db: Database, at: datetime) -> None:
    async with Fetcher(allow_private=True) as fetcher, ParserPool() as parsers:
        polling = FeedPolling(fetcher, parsers, 60, edit_delivered=True, look_seconds=60)
        await FeedPoller(db, polling).look(at)


async def test_a_kind_of_ones_own_is_a_class_and_a_line_and_its_story_is_published(
    db: Database, wire: list[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    # This is the line that a new kind needs.
    monkeypatch.setitem(KINDS, "lines", LineSource)
    path = tmp_path / "newsroom.toml"
    path.write_text(NEWSROOM.format(kind="lines", url=wire[0]), encoding="utf-8")
    await writes(apply)(db, load_newsroom(path), NOW)

    wire.append("a1\tМост открыт")
    await poll(db, NOW)
    assert await release_due(db, NOW) == 1
    (story,) = await reads(articles.newest)(db, 5)
    assert (story.content.headline, story.status, story.source_uid) == (
        "Мост открыт",
        Status.PUBLISHED,
        "a1",
    )
    (told,) = await reads(bulletins.unfinished)(db)
    assert (told.article_id, told.kind) == (story.id, BulletinKind.NEW)

    wire.append("a2\tЯрмарка началась")
    await poll(db, NOW + timedelta(hours=1))
    assert await release_due(db, NOW + timedelta(hours=1)) == 1
    (feed,) = await reads(feeds.all_in_use)(db)
    assert (feed.kind, feed.cursor, feed.failures) == ("lines", {"lines": "2"}, 0)


async def test_a_file_is_a_source_too_and_is_read_where_it_has_changed(
    sqlite_db: Database, tmp_path: Path
) -> None:
    copy, path = tmp_path / "copy.json", tmp_path / "newsroom.toml"
    copy.write_text('{"id": "1", "headline": "Мост открыт"}', encoding="utf-8")
    path.write_text(NEWSROOM.format(kind="file", url=copy), encoding="utf-8")
    await writes(apply)(sqlite_db, load_newsroom(path), NOW)
    await poll(sqlite_db, NOW)
    assert [each.content.headline for each in await reads(articles.newest)(sqlite_db, 5)] == ["Мост открыт"]
    (feed,) = await reads(feeds.all_in_use)(sqlite_db)
    async with ParserPool() as parsers:
        assert (await FileSource(str(copy), None, parsers).fetch(feed.cursor)).items == ()
        with pytest.raises(SourceError, match="unreadable: can't be read"):
            await FileSource(str(tmp_path / "none.json"), None, parsers).fetch({})


async def test_a_kind_that_is_no_longer_there_costs_a_reason(sqlite_db: Database, wire: list[str]) -> None:
    await writes(feeds.put)(
        sqlite_db, wire[0], kind="lines", language="ru", publish="auto", interval=60, origin="file", at=NOW
    )
    await poll(sqlite_db, NOW)
    (feed,) = await reads(feeds.all_in_use)(sqlite_db)
    assert (feed.failures, feed.last_error) == (1, "unknown-kind: no source is of kind 'lines'")


@pytest.mark.parametrize(
    ("kind", "url", "says"),
    [
        ("lines", "https://example.org/wire", "kind must be one of feed, file"),
        ("file", " ", "url must say where the source is"),
        ("feed", "copy.json", "url must be an http or https address"),
    ],
)
def test_a_mistake_in_the_newsroom_file_is_one_sentence(
    tmp_path: Path, kind: str, url: str, says: str
) -> None:
    path = tmp_path / "newsroom.toml"
    path.write_text(NEWSROOM.format(kind=kind, url=url), encoding="utf-8")
    with pytest.raises(SetupError, match=says):
        load_newsroom(path)
