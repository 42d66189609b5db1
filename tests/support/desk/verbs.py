"""A desk: two editors, their rules, and the verbs with the time and the rules filled in."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from bot.desk.story import draft, release, review
from bot.model.desk.rules import DeskRules
from bot.model.story.article import Article, Content
from bot.store.engine.database import Database
from bot.store.ledger import bulletins
from bot.store.newsroom import articles, audit
from tests.support.readers import NOW
from tests.support.transactions import reads

ANNA, BORIS = 11, 12
ECONOMY = 3
OPENED = Content("Мост через Светлую открыли для движения", "Первыми проехали автобусы.")
RULES = DeskRules(zone="Asia/Bishkek")


class Desk:
    """The verbs as Anna and Boris press them."""

    def __init__(self, db: Database) -> None:
        self.db = db
        self.now = NOW
        self.rules = RULES

    def later(self, **span: float) -> datetime:
        return self.now + timedelta(**span)

    async def draft(self, content: Content = OPENED, **values: Any) -> Article:
        return await draft.make(
            self.db, content, at=self.now, **{"by": ANNA, "topic_ids": (ECONOMY,), **values}
        )

    async def edit(self, story: Article, headline: str, by: int = ANNA) -> Article:
        content = Content(headline, "Первыми проехали автобусы.")
        return await draft.edit(self.db, story.id, content, at=self.now, by=by, seen=story.revision)

    async def approve(self, story: Article, by: int = BORIS) -> Article:
        return await review.approve(
            self.db, story.id, at=self.now, by=by, seen=story.revision, rules=self.rules
        )

    async def approved(self, content: Content = OPENED, **values: Any) -> Article:
        return await self.approve(await self.draft(content, **values))

    async def publish(self, story: Article, by: int = BORIS, **values: Any) -> release.Released:
        return await release.publish(self.db, story.id, at=self.now, by=by, rules=self.rules, **values)

    async def schedule(self, story: Article, moment: datetime, by: int = BORIS, **values: Any) -> Article:
        given = {"at": self.now, "by": by, "zone": self.rules.zone, "rules": self.rules, **values}
        return await release.schedule(self.db, story.id, moment, **given)

    async def get(self, story: Article) -> Article:
        found = await reads(articles.get)(self.db, story.id)
        assert found is not None
        return found

    async def deeds(self, story: Article) -> list[str]:
        """The verbs done to the story, oldest first."""
        return [each.verb for each in reversed(await reads(audit.recent)(self.db, 50, article_id=story.id))]

    async def news(self, story: Article) -> list[int]:
        return await reads(bulletins.of_article)(self.db, story.id)
