"""One newsroom for tests: a sandbox in place of Telegram, a bot's database and services, and people.

What of the bot runs is the test's choice: `listening` answers people, `Engine` delivers news, `whole` is all of it.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

from aiogram import Bot as Client
from pydantic import SecretStr

from bot.app import App, start
from bot.desk.publish import publish
from bot.factory import Factory
from bot.model.chat import Chat, ChatState
from bot.model.clock import Clock
from bot.model.story.article import Content
from bot.model.story.content import Media, MediaKind, Paragraph, Run
from bot.outbox.limits.pace import Pace
from bot.process.update_source import door_routes, open_updates
from bot.readers import membership
from bot.rendering.check import checked_templates
from bot.sandbox import Sandbox
from bot.sandbox.world.pictures import draw
from bot.services import Services
from bot.settings import Settings
from bot.sources.parser_pool import ParserPool
from bot.store.audience import choices as kept_choices
from bot.store.engine.database import Database
from bot.store.newsroom import articles, topics
from bot.store.operations import bots
from bot.telegram.client import make_bot
from bot.telegram.transport.gate import Gate
from bot.updates.polling import Polling
from bot.updates.protocol import Updates
from bot.web.server import WebServer
from tests.support.messages import Message
from tests.support.people import OWNER, People

BOT = 700700
TOKEN = f"{BOT}:" + "T" * 35
WORLD, ASIA, ECONOMY = 1, 2, 3
"""The topics of `prepare`."""


def settings_for(sandbox: Sandbox, **options: Any) -> Settings:
    """Return the settings of a bot in that sandbox; nothing of the machine's own enters."""
    usual = {"bot_api_url": sandbox.url, "owner_ids": frozenset({OWNER}), "report_at": None}
    usual |= {"flash_undo_seconds": 0}
    return Settings(_env_file=None, bot_token=SecretStr(TOKEN), **usual | options)


@asynccontextmanager
async def client_of(url: str, pace: Pace | None = None) -> AsyncIterator[Client]:
    """Give a client of the Bot API by itself; without a pace of the test's own nothing holds it up."""
    free = Pace(global_rate=1000, chat_rate=1000, chat_burst=100, group_rate=60_000)
    client = make_bot(TOKEN, url, Gate(pace or free))
    try:
        yield client
    finally:
        await client.session.close()


@dataclass
class World(People):
    """A bot with its newsroom, and the people who talk with it."""

    db: Database
    settings: Settings
    clock: Clock = field(default_factory=Clock)
    inbox: Database | None = None
    """Where updates wait, if not in `db`: then `db` is asked for nothing but what the bot does about them."""
    services: Services = field(init=False)
    rung: int = field(default=0, init=False)
    """How often the bell rang while the bot listened."""

    async def prepare(self) -> None:
        """Let the bot have an account and three topics, one below another, and people have theirs."""
        self.sandbox.add_bot(TOKEN, "vestnik_bot", "Вестник")
        self.arrive()
        async with self.db.write() as tx:
            await bots.put(tx, BOT, "vestnik_bot", self.clock.now())
            world = await topics.put(tx, "world", {"ru": "Мир", "en": "World"}, origin="file")
            named = {"ru": "Азия", "en": "Asia"}
            await topics.put(tx, "asia", named, parent_id=world, origin="file", position=1)
            named = {"ru": "Экономика", "en": "Economy"}
            await topics.put(tx, "economy", named, aliases=["Деньги"], origin="file", position=2)

    @asynccontextmanager
    async def listening(self) -> AsyncIterator[None]:
        """Let the bot answer people, and do nothing else, for as long as the block lasts."""
        factory = Factory(self.settings, self.db, self.clock)
        line = factory.line()
        self.services = factory.services(
            factory.bot("vestnik_bot"), line, checked_templates(agency="Вестник Долины")
        )
        self.services.bell.listen(self._ring)
        parsers = ParserPool()
        updates: Updates
        async with AsyncExitStack() as ears:
            if self.settings.webhook_url:
                dispatcher = factory.dispatcher(self.services, parsers)
                updates = open_updates(self.settings, self.services, dispatcher)
                routes = door_routes(self.settings, updates.door)
                await ears.enter_async_context(WebServer("127.0.0.1", self.settings.web_port, routes))
            else:
                dispatcher = factory.dispatcher(self.services, parsers)
                updates = Polling(dispatcher, line.client, self.inbox or self.db, self.services.update_flow)
            listening = asyncio.create_task(updates.run())
            try:
                yield
            finally:
                await updates.stop(30)
                await listening
                await self.services.errands.close(30)
                await parsers.close()
                await line.close()

    def _ring(self) -> None:
        self.rung += 1

    async def whole(self) -> App:
        """Start the whole bot; whoever asks for it stops it."""
        app = await start(self.settings, self.db, self.clock, asyncio.Event())
        assert app is not None
        self.services = app.services
        return app

    async def brief(self, user: int, article_id: int) -> Message:
        """Open a story by its deep link, as somebody who has started the bot, and return its brief."""
        if await membership.find(self.db, BOT, user) is None:
            await self.say(user, "/start")
        return await self.say(user, f"/start a-{article_id}")

    async def chat(self, telegram_id: int) -> Chat:
        """Return what is known of a chat."""
        found = await membership.find(self.db, BOT, telegram_id)
        assert found is not None
        return found

    async def settled(self, telegram_id: int, state: ChatState, reason: str) -> Chat:
        """Wait until it is known that a chat stands so, and return it."""
        async with asyncio.timeout(60):
            while True:
                found = await membership.find(self.db, BOT, telegram_id)
                if found and (found.state, found.state_reason) == (state, reason):
                    return found
                await asyncio.sleep(0.01)

    async def choose(self, telegram_id: int, **choices: Any) -> None:
        """Let a person start the bot, and choose how the chat is served."""
        await self.say(telegram_id, "/start")
        chosen = await self.chat(telegram_id)
        async with self.db.write() as tx:
            await kept_choices.change(tx, chosen.id, self.clock.now(), **choices)

    async def story(
        self,
        headline: str,
        *topic_ids: int,
        text: str = "Коротко.",
        photo: str | bool = False,
        language: str = "ru",
    ) -> int:
        """Publish a story, with a picture where one is wanted, and return its id."""
        now = self.clock.now()
        body = (Paragraph((Run(text.strip()),)),)
        picture = Media(MediaKind.PICTURE, url=self.picture(photo)) if photo else None
        content = Content(
            headline, "Лид.", blocks=body, picture=picture, url="https://example.org/1", language=language
        )
        async with self.db.write() as tx:
            kept = await articles.add(
                tx, content, source="desk", uid=f"{headline}:{now}", at=now, topic_ids=topic_ids
            )
        await publish(self.db, kept.id, now)
        return kept.id

    def picture(self, photo: str | bool) -> str:
        """Return the URL of a picture; of one that can be had, where none is named."""
        if isinstance(photo, str):
            return photo
        url = "https://example.org/picture.png"
        self.sandbox.offer_picture(url, draw(1))
        return url
