"""A database of either kind with topics and stories, for what readers can have done."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from bot.desk.publish import publish
from bot.model.article import Content
from bot.model.chat import Chat, ChatKind
from bot.model.content import Paragraph, Run
from bot.readers import membership, topics
from bot.store import articles, bots
from bot.store import topics as topic_store
from bot.store.database import Database, writes

BOT = 700700
NOW = datetime(2026, 3, 2, 9, tzinfo=UTC)
WORLD, ASIA, ECONOMY, SPORT = 1, 2, 3, 4


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

    async def story(self, headline: str, *topic_ids: int, text: str = "Коротко.") -> int:
        """Publish a story and return its id."""
        self.now += timedelta(seconds=1)
        content = Content(headline, "Лид.", blocks=(Paragraph((Run(text),)),))
        kept = await writes(articles.add)(
            self.db, content, source="desk", uid=headline, at=self.now, topic_ids=topic_ids
        )
        await publish(self.db, kept.id, self.now)
        return kept.id


@pytest.fixture
async def newsroom(db: Database) -> Newsroom:
    """Four topics (one below another) and no stories."""
    await writes(bots.put)(db, BOT, "vestnik_bot", NOW)
    put = writes(topic_store.put)
    world = await put(db, "world", {"ru": "Мир"}, origin="file")
    await put(db, "asia", {"ru": "Азия"}, parent_id=world, origin="file", position=1)
    await put(db, "economy", {"ru": "Экономика"}, origin="file", position=2)
    await put(db, "sport", {"ru": "Спорт"}, origin="file", position=3)
    return Newsroom(db)
