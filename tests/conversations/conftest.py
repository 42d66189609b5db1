"""The bot's ears alone: the real dispatcher and client over HTTP, a sandbox in place of Telegram."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import pytest
from aiogram import Bot

from bot.conversations.context import Context
from bot.conversations.routers import build_dispatcher
from bot.desk.publish import publish
from bot.model.article import Content
from bot.model.chat import Chat, ChatState
from bot.model.clock import Clock
from bot.model.content import Media, MediaKind, Paragraph, Run
from bot.outbox.pace import Pace
from bot.readers import membership
from bot.rendering.article import ArticleRenderer
from bot.rendering.digest import DigestRenderer
from bot.rendering.environment import Templates
from bot.rendering.talk import Talk
from bot.sandbox import Sandbox
from bot.sandbox.pictures import draw
from bot.store import articles, bots, chats, topics
from bot.store.database import Database, writes
from bot.telegram.client import make_bot
from bot.telegram.gate import Gate

TOKEN = "700700:" + "T" * 35
BOT = 700700
OWNER, EDITOR, ANNA, BORIS, JAMES = 11, 12, 21, 22, 23
WORLD, ASIA, ECONOMY = 1, 2, 3


@dataclass
class Room:
    """A bot that listens, and what a person does with it."""

    sandbox: Sandbox
    db: Database
    clock: Clock
    context: Context
    bot: Bot
    rung: list[int]

    async def until(self, found: Callable[[], Any]) -> Any:
        """Wait until something is so, and return it."""
        return await self.sandbox.wait_until(found, timeout=30)

    def shown(self, chat: int) -> list[dict[str, Any]]:
        """Return the bot's messages that stand in a chat."""
        return [
            each
            for each in self.sandbox.messages(chat)
            if each.get("from", {}).get("is_bot") or each["chat"]["type"] == "channel"
        ]

    def texts(self, chat: int) -> list[str]:
        """Return what the bot's messages in a chat say."""
        return [text_of(each) for each in self.shown(chat)]

    async def say(self, user: int, text: str, chat: int | None = None, **options: Any) -> dict[str, Any]:
        """Send a message as a person and return the bot's next message in that chat."""
        at = chat or user
        before = len(self.shown(at))
        self.sandbox.send(at, user, text, **options)
        await self.until(lambda: len(self.shown(at)) > before)
        return self.shown(at)[-1]

    async def brief(self, user: int, article_id: int) -> dict[str, Any]:
        """Open a story by its deep link, as somebody who has started the bot, and return its brief."""
        if await membership.find(self.db, BOT, user) is None:
            await self.say(user, "/start")
        return await self.say(user, f"/start a-{article_id}")

    async def silent(self, user: int, text: str, chat: int) -> None:
        """Send a message that the bot must not answer: what is said next is answered first of all."""
        before = len(self.shown(chat))
        self.sandbox.send(chat, user, text)
        answer = await self.say(user, "/id@vestnik_bot", chat)
        assert "Этот чат" in text_of(answer) or "This chat" in text_of(answer)
        assert len(self.shown(chat)) == before + 1

    async def seen(self, chat: int, words: str) -> dict[str, Any]:
        """Wait for a message with those words in a chat and return the newest."""

        def newest() -> dict[str, Any] | None:
            return next((each for each in reversed(self.shown(chat)) if words in text_of(each)), None)

        return await self.until(newest)

    async def press(self, user: int, message: dict[str, Any], label: str) -> dict[str, Any]:
        """Press a button by its label and return how the press was answered."""
        data = data_of(message, label)
        assert data, f"no button {label!r} in {labels(message)}"
        return await self.forge(user, message, data, forge=False)

    async def forge(
        self, user: int, message: dict[str, Any], data: str, *, forge: bool = True
    ) -> dict[str, Any]:
        """Send the data of a button that need not be there, and return the answer."""
        pressed = self.sandbox.press(message["chat"]["id"], user, message["message_id"], data, forge=forge)
        return await self.until(
            lambda: self.sandbox.callback(pressed) if self.sandbox.callback(pressed)["answered"] else None
        )

    def again(self, message: dict[str, Any]) -> dict[str, Any]:
        """Return the message as it stands now."""
        chat = message["chat"]["id"]
        return next(
            each for each in self.sandbox.messages(chat) if each["message_id"] == message["message_id"]
        )

    async def changed(self, message: dict[str, Any], words: str) -> dict[str, Any]:
        """Wait until the words stand in the message or on its buttons, and return it."""

        def has() -> bool:
            now = self.again(message)
            return words in text_of(now) or any(words in label for label in labels(now))

        await self.until(has)
        return self.again(message)

    async def chat(self, telegram_id: int) -> Chat:
        """Return what is known of a chat."""
        found = await membership.find(self.db, BOT, telegram_id)
        assert found is not None
        return found

    async def settled(self, telegram_id: int, state: ChatState, reason: str) -> Chat:
        """Wait until it is known that a chat stands so, and return it."""
        async with asyncio.timeout(30):
            while True:
                found = await membership.find(self.db, BOT, telegram_id)
                if found and (found.state, found.state_reason) == (state, reason):
                    return found
                await asyncio.sleep(0.01)

    async def choose(self, telegram_id: int, **choices: Any) -> None:
        """Let a person start the bot, and choose how the chat is served."""
        await self.say(telegram_id, "/start")
        await writes(chats.set_choice)(
            self.db, (await self.chat(telegram_id)).id, self.clock.now(), **choices
        )

    async def story(
        self, headline: str, *topic_ids: int, text: str = "Коротко.", photo: str | bool = False
    ) -> int:
        """Publish a story, with a picture where one is wanted, and return its id."""
        now = self.clock.now()
        body = (Paragraph((Run(text.strip()),)),)
        picture = Media(MediaKind.PICTURE, url=self.picture(photo)) if photo else None
        content = Content(headline, "Лид.", blocks=body, picture=picture, url="https://example.org/1")
        uid = f"{headline}:{now}"
        kept = await writes(articles.add)(
            self.db, content, source="desk", uid=uid, at=now, topic_ids=topic_ids
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


def text_of(message: dict[str, Any]) -> str:
    """Return a message's text or caption."""
    return str(message.get("text") or message.get("caption") or "")


def buttons(message: dict[str, Any]) -> list[dict[str, Any]]:
    """Return a message's buttons in reading order."""
    rows = message.get("reply_markup", {}).get("inline_keyboard", [])
    return [button for row in rows for button in row]


def labels(message: dict[str, Any]) -> list[str]:
    """Return the labels of a message's buttons."""
    return [button["text"] for button in buttons(message)]


def data_of(message: dict[str, Any], label: str) -> str | None:
    """Return the data of the first button whose label holds the words."""
    found = (button.get("callback_data") for button in buttons(message) if label in button["text"])
    return next(found, None)


@pytest.fixture
async def room(sqlite_db: Database, sandbox: Sandbox) -> AsyncIterator[Room]:
    """A listening bot with three topics, an owner, and people."""
    sandbox.add_bot(TOKEN, "vestnik_bot", "Вестник")
    people = ((OWNER, "Ольга", "ru"), (EDITOR, "Егор", "ru"), (ANNA, "Анна", "ru"))
    for user, name, language in (*people, (BORIS, "Борис", "ru"), (JAMES, "James", "en-GB")):
        sandbox.add_user(name, id=user, language_code=language)
    clock = Clock()
    await writes(bots.put)(sqlite_db, BOT, "vestnik_bot", clock.now())
    put = writes(topics.put)
    world = await put(sqlite_db, "world", {"ru": "Мир", "en": "World"}, origin="file")
    await put(sqlite_db, "asia", {"ru": "Азия", "en": "Asia"}, parent_id=world, origin="file", position=1)
    named = {"ru": "Экономика", "en": "Economy"}
    await put(sqlite_db, "economy", named, aliases=["Деньги"], origin="file", position=2)
    templates, rung = Templates(agency="Вестник Долины"), list[int]()
    context = Context(
        db=sqlite_db,
        clock=clock,
        bot_id=BOT,
        bot_username="vestnik_bot",
        owner_ids=frozenset({OWNER}),
        talk=Talk(templates),
        articles=ArticleRenderer(templates),
        digests=DigestRenderer(templates),
        language="ru",
        zone="Europe/Moscow",
        news_bell=lambda: rung.append(1),
    )
    pace = Pace(global_rate=1000, chat_rate=1000, chat_burst=100, group_rate=60_000)
    bot = make_bot(TOKEN, sandbox.url, Gate(pace))
    dispatcher = build_dispatcher(context)
    polling = asyncio.create_task(
        dispatcher.start_polling(bot, handle_signals=False, close_bot_session=False)
    )
    yield Room(sandbox, sqlite_db, clock, context, bot, rung)
    try:
        # Cancelled once it has begun, aiogram would leave its poller behind.
        await dispatcher.stop_polling()
    except RuntimeError:
        polling.cancel()
    await asyncio.gather(polling, *dispatcher._handle_update_tasks, return_exceptions=True)
    await bot.session.close()


def utc(*parts: int) -> datetime:
    """Return a time in UTC."""
    return datetime(*parts, tzinfo=UTC)
