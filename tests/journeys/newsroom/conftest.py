"""A whole newsroom in one process: the sandbox, a feed on loopback, the bot, and people."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from aiohttp import web

from bot.app import App
from bot.sandbox import Sandbox
from bot.sources import feed_poller
from bot.store.engine.database import Database
from bot.store.newsroom import feeds
from tests.support.transactions import reads
from tests.support.world import TOKEN, World, settings_for

NEWSROOM = """
name = "Вестник Долины"

[[topic]]
slug = "world"
[topic.names]
ru = "Мир"
en = "World"

[[topic]]
slug = "asia"
parent = "world"
[topic.names]
ru = "Азия"
en = "Asia"

[[topic]]
slug = "economy"
aliases = ["Деньги"]
keywords = ["экономика"]
[topic.names]
ru = "Экономика"
en = "Economy"

[[synonyms]]
words = ["Киргизия", "Кыргызстан"]

[[feed]]
url = "{url}"
topics = ["economy"]
language = "ru"
interval = 1
"""


@dataclass
class Wire:
    """A feed whose items a test adds to and changes."""

    url: str = ""
    items: dict[str, tuple[str, str, str, str]] = field(default_factory=dict)

    def put(self, uid: str, headline: str, text: str, category: str = "economy", picture: str = "") -> None:
        """Add an item, or change it; `picture` is the URL of its enclosure."""
        enclosure = f'<enclosure url="{picture}" type="image/webp" length="1"/>' if picture else ""
        self.items[uid] = (headline, text, category, enclosure)

    async def serve(self, _request: web.Request) -> web.Response:
        """Return the feed as it is now."""
        items = "".join(
            f"<item><guid>{uid}</guid><title>{headline}</title><category>{category}</category>"
            f"<link>https://example.org/{uid}</link><description>{text}</description>{enclosure}</item>"
            for uid, (headline, text, category, enclosure) in reversed(self.items.items())
        )
        body = f'<?xml version="1.0"?><rss version="2.0"><channel><title>Лента</title>{items}</channel></rss>'
        return web.Response(text=body, content_type="application/rss+xml")


@dataclass
class Newsroom(World):
    """The running whole, a feed that it polls, and what a person does in it."""

    wire: Wire = field(default_factory=Wire)
    app: App = field(init=False)

    async def begin(self) -> None:
        """Start the bot."""
        self.app = await self.whole()

    async def restart(self) -> None:
        """Stop the bot and start another on the same database."""
        await self.app.stop()
        await self.begin()

    async def tick(self) -> None:
        """Run every scheduled job once, at the time that the clock shows."""
        await self.app.schedule.do_all()

    async def first_look(self) -> None:
        """Wait until the feed was looked at once: what it tells from then on is news."""
        async with asyncio.timeout(60):
            while any(each.first_polled_at is None for each in await reads(feeds.all_in_use)(self.db)):
                await asyncio.sleep(0.01)

    async def follow(self, user: int, topic: str) -> None:
        """Start the bot and follow a topic, as a reader does."""
        self.send(user, "/start")
        await self.press_newest(user, topic)


@pytest.fixture
async def newsroom(
    sqlite_db: Database, sandbox: Sandbox, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> AsyncIterator[Newsroom]:
    """A running newsroom with three readers, an owner and an editor."""
    # However slow a busy machine reads the feed, it is asked again at once.
    monkeypatch.setattr(feed_poller, "SHARE", 0)
    sandbox.add_bot(TOKEN, "vestnik_bot", "Вестник")
    wire, file = Wire(), tmp_path / "newsroom.toml"
    feed = web.Application()
    feed.router.add_get("/feed", wire.serve)
    runner = web.AppRunner(feed, access_log=None)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    url = f"http://127.0.0.1:{runner.addresses[0][1]}/feed"
    file.write_text(NEWSROOM.replace("{url}", url), encoding="utf-8")
    rates = {"global_rate": 1000, "chat_rate": 100, "group_rate": 1000}
    polled = {"newsroom_file": file, "allow_private_feeds": True, "feed_min_interval": 1}
    running = Newsroom(sandbox, sqlite_db, settings_for(sandbox, **rates, **polled), wire=wire)
    running.arrive()
    await running.begin()
    yield running
    await running.app.stop()
    await runner.cleanup()
