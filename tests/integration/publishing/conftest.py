"""A newsroom of two bots with a reader each, for what publishing, correcting and killing decide."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, datetime
from itertools import count

import pytest

from bot.model.bulletin import Bulletin
from bot.model.desk.deed import Deed
from bot.model.story.article import Article, Content, Status
from bot.store.engine.database import Database
from bot.store.ledger import bulletins, plan
from bot.store.newsroom import articles, audit, topics
from bot.store.operations import bots
from bot.store.tables.ledger import delivery
from tests.support.readers import join as join_chat

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)
FIRST_BOT, SECOND_BOT = 1, 2


@dataclass
class Newsroom:
    """Two topics, and for each bot a chat that follows the first of them."""

    db: Database
    economy: int
    sport: int
    uids: count[int] = field(default_factory=lambda: count(1))

    async def story(self, *, status: Status = Status.DRAFT, flash: bool = False) -> Article:
        async with self.db.write() as tx:
            return await articles.add(
                tx,
                Content("Мост открыт", "Движение пущено."),
                source="desk",
                uid=str(next(self.uids)),
                at=NOW,
                topic_ids=[self.economy],
                status=status,
                flash=flash,
                published_at=NOW if status is Status.PUBLISHED else None,
            )

    async def now(self, article: Article) -> Article:
        async with self.db.read() as tx:
            found = await articles.get(tx, article.id)
        assert found is not None
        return found

    async def bulletins(self) -> list[Bulletin]:
        async with self.db.read() as tx:
            return await bulletins.unfinished(tx)

    async def deeds(self) -> list[Deed]:
        async with self.db.read() as tx:
            return await audit.recent(tx, 10)

    async def planned(self) -> list[int]:
        """Plan all news, and return the bots to whose chats it goes."""
        async with self.db.write() as tx:
            for each in await bulletins.unfinished(tx):
                await plan.add_page(tx, each, each.ceiling, NOW)
            return sorted((await tx.execute(delivery.select())).scalars())


@pytest.fixture
async def newsroom(db: Database) -> Newsroom:
    async with db.write() as tx:
        economy = await topics.put(tx, "economy", {"ru": "Экономика"}, origin="file")
        sport = await topics.put(tx, "sport", {"ru": "Спорт"}, origin="file")
        for bot in (FIRST_BOT, SECOND_BOT):
            await bots.put(tx, bot, f"bot{bot}", NOW)
            await join_chat(tx, bot, 20 + bot, NOW, economy)
    return Newsroom(db, economy, sport)
