"""A whole newsroom in one process: the sandbox, a feed on loopback, the bot, and people."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from aiohttp import web
from pydantic import SecretStr

from bot.app import App
from bot.model.clock import Clock
from bot.sandbox import Sandbox
from bot.settings import Settings
from bot.store.database import Database

TOKEN = "700700:" + "T" * 35
OWNER, EDITOR, ANNA, BORIS, JAMES = 11, 12, 21, 22, 23

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
class Newsroom:
    """The running whole, and what a person does in it."""

    sandbox: Sandbox
    wire: Wire
    clock: Clock
    app: App
    db: Database

    def say(self, user: int, text: str, chat: int | None = None, **options: Any) -> dict[str, Any]:
        """Send a message as a person."""
        return self.sandbox.send(chat or user, user, text, **options)

    def shown(self, chat: int) -> list[dict[str, Any]]:
        """Return the bot's messages that stand in a chat."""
        return [each for each in self.sandbox.messages(chat) if each.get("from", {}).get("is_bot")]

    def texts(self, chat: int) -> list[str]:
        """Return what the bot's messages in a chat say."""
        return [said(each) for each in self.shown(chat)]

    async def until(self, found: Callable[[], Any], seconds: float = 30) -> Any:
        """Wait until something is so, and return it."""
        return await self.sandbox.wait_until(found, timeout=seconds)

    async def answer(self, chat: int, words: str) -> dict[str, Any]:
        """Wait for a message of the bot that holds the words, and return the newest such."""
        return await self.until(
            lambda: next(
                (each for each in reversed(self.shown(chat)) if words in said(each)),
                None,
            )
        )

    def button(self, message: dict[str, Any], label: str) -> str | None:
        """Return the data of the button whose label holds the words."""
        rows = message.get("reply_markup", {}).get("inline_keyboard", [])
        found = (button for row in rows for button in row if label in button["text"])
        return next((button.get("callback_data") for button in found), None)

    async def press(self, user: int, label: str, chat: int | None = None) -> dict[str, Any]:
        """Press the newest button with that label, and return how the press was answered."""
        at = chat or user

        def newest() -> tuple[dict[str, Any], str] | None:
            for message in reversed(self.shown(at)):
                if data := self.button(message, label):
                    return message, data
            return None

        message, data = await self.until(newest)
        pressed = self.sandbox.press(at, user, message["message_id"], data)
        return await self.until(lambda: self.answered(pressed))

    def answered(self, pressed: str) -> dict[str, Any] | None:
        """Return the answer to a press, None while there is none."""
        found = self.sandbox.callback(pressed)
        return found if found["answered"] else None

    async def follow(self, user: int, topic: str) -> None:
        """Start the bot and follow a topic, as a reader does."""
        self.say(user, "/start")
        await self.press(user, topic)

    async def restart(self) -> None:
        """Stop the bot and start another on the same database."""
        await self.app.stop()
        self.app = App(self.app.settings, self.db, self.clock)
        await self.app.start(asyncio.Event())

    async def tick(self) -> None:
        """Run every scheduled job once, at the time that the clock shows."""
        assert self.app.schedule is not None
        await self.app.schedule.do_all()


def said(message: dict[str, Any]) -> str:
    """Return what a message says, its unbreakable spaces as plain ones."""
    return (message.get("text") or message.get("caption") or "").replace("\u00a0", " ")


@pytest.fixture
async def newsroom(sqlite_db: Database, tmp_path: Path) -> AsyncIterator[Newsroom]:
    """A running newsroom with three readers, an owner and an editor."""
    sandbox, wire, clock = Sandbox(), Wire(), Clock()
    await sandbox.start(port=0)
    sandbox.add_bot(TOKEN, "vestnik_bot", "Вестник")
    for user, name, language in (
        (OWNER, "Ольга", "ru"),
        (EDITOR, "Егор", "ru"),
        (ANNA, "Анна", "ru"),
        (BORIS, "Борис", "ru"),
        (JAMES, "James", "en"),
    ):
        sandbox.add_user(name, id=user, language_code=language)
    feed = web.Application()
    feed.router.add_get("/feed", wire.serve)
    runner = web.AppRunner(feed, access_log=None)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    port = runner.addresses[0][1]
    file = tmp_path / "newsroom.toml"
    file.write_text(NEWSROOM.replace("{url}", f"http://127.0.0.1:{port}/feed"), encoding="utf-8")
    settings = Settings(
        _env_file=None,
        bot_token=SecretStr(TOKEN),
        bot_api_url=sandbox.url,
        owner_ids=frozenset({OWNER}),
        newsroom_file=file,
        allow_private_feeds=True,
        feed_min_interval=1,
        global_rate=1000,
        chat_rate=100,
        group_rate=1000,
    )
    app = App(settings, sqlite_db, clock)
    await app.start(asyncio.Event())
    running = Newsroom(sandbox, wire, clock, app, sqlite_db)
    yield running
    await running.app.stop()
    await runner.cleanup()
    await sandbox.stop()
