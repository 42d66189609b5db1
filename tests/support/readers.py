"""A database of either kind with topics and stories, for what readers can have done."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

from bot.desk.publish import publish
from bot.model.chat import Chat, ChatKind
from bot.model.following.mode import Mode
from bot.model.story.article import Content
from bot.model.story.content import Paragraph, Run
from bot.readers import membership, topics
from bot.store.audience import chats, subscriptions
from bot.store.engine.database import Database
from bot.store.newsroom import articles
from tests.support.transactions import writes

BOT = 700700
NOW = datetime(2026, 3, 2, 9, tzinfo=UTC)
WORLD, ASIA, ECONOMY, SPORT = 1, 2, 3, 4


async def join(
    tx: Any,
    bot_id: int,
    telegram_id: int,
    at: datetime,
    *follows: int,
    kind: ChatKind = ChatKind.PRIVATE,
) -> int:
    """Let a chat join and follow topics; return our id of the chat."""
    one, _ = await chats.join(
        tx, bot_id, telegram_id, kind, title="", language="ru", zone="Europe/Moscow", at=at
    )
    for topic_id in follows:
        await subscriptions.subscribe(tx, one.id, topic_id, at)
    return one.id


async def choices(db: Database, chat_id: int) -> dict[int, bool]:
    """Return what a chat chose: True where it follows a topic in any mode, False where it switched one off."""
    async with db.read() as tx:
        chosen = await subscriptions.of_chat(tx, chat_id)
    return {topic_id: one.mode is not Mode.OFF for topic_id, one in chosen.items()}


@dataclass
class Newsroom:
    """A newsroom at a moment that moves on with each story."""

    db: Database
    now: datetime = NOW
    made: list[int] = field(default_factory=list)

    async def join(self, telegram_id: int = 21, *follows: int, **options: Any) -> Chat:
        """Let a chat join and follow topics, one after the other."""
        chat, _ = await membership.join(
            self.db,
            BOT,
            telegram_id,
            **{
                "kind": ChatKind.PRIVATE,
                "title": "Анна",
                "language": "ru",
                "zone": "Europe/Moscow",
                "at": self.now,
                **options,
            },
        )
        for topic_id in follows:
            self.now += timedelta(seconds=1)
            await topics.toggle(self.db, chat.id, topic_id, self.now)
        return chat

    async def story(
        self,
        headline: str,
        *topic_ids: int,
        text: str = "Коротко.",
        language: str = "ru",
        source: str = "desk",
    ) -> int:
        """Publish a story and return its id."""
        self.now += timedelta(seconds=1)
        content = Content(headline, "Лид.", blocks=(Paragraph((Run(text),)),), language=language)
        kept = await writes(articles.add)(
            self.db, content, source=source, uid=headline, at=self.now, topic_ids=topic_ids
        )
        await publish(self.db, kept.id, self.now)
        return kept.id
