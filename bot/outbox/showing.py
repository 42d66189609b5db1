"""What a delivery shows: its article at the wanted revision, or its digest, rendered once for all alike."""

from __future__ import annotations

from collections import OrderedDict
from dataclasses import replace
from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncConnection

from bot.model.article import Article, Content
from bot.model.delivery import Delivery, SubjectKind
from bot.model.message import OutgoingMessage
from bot.model.topic import Topics
from bot.rendering.article import ArticleRenderer
from bot.rendering.digest import DigestRenderer
from bot.rendering.story import Audience, story_of
from bot.store import articles, digests, topics
from bot.store.database import Database, reads

KEPT = 512

Key = tuple[int, int, Audience]


class Showing:
    """Renders deliveries and keeps what it rendered."""

    def __init__(
        self, db: Database, bot_username: str, articles_: ArticleRenderer, digests_: DigestRenderer
    ) -> None:
        self._db = db
        self._username = bot_username
        self._articles = articles_
        self._digests = digests_
        self._kept: OrderedDict[Key, OutgoingMessage] = OrderedDict()
        self._without_picture: set[int] = set()

    def drop_picture(self, article_id: int) -> None:
        """Show the article without its picture from now on: Telegram can't have it."""
        self._without_picture.add(article_id)
        for key in [key for key in self._kept if key[0] == article_id]:
            del self._kept[key]

    async def of(self, delivery: Delivery, now: datetime) -> OutgoingMessage | None:
        """Return the message that the delivery wants shown; None where there is nothing to show."""
        if delivery.subject.kind is SubjectKind.DIGEST:
            return await self._digest(delivery, now)
        audience = self.audience(delivery)
        key = (delivery.subject.id, delivery.wanted, audience)
        if key not in self._kept:
            found = await _article(self._db, delivery.subject.id, delivery.wanted)
            if found is None:
                return None
            article, content, known = found
            if delivery.subject.id in self._without_picture:
                content = replace(content, picture=None)
            self._kept[key] = self._articles.brief(story_of(article, content, known, audience), audience)
            if len(self._kept) > KEPT:
                self._kept.popitem(last=False)
        self._kept.move_to_end(key)
        return self._kept[key]

    def withdrawn(self, delivery: Delivery) -> OutgoingMessage:
        """Return the notice that takes a killed story's place."""
        return self._articles.withdrawn(self.audience(delivery))

    def audience(self, delivery: Delivery) -> Audience:
        """Return whom the delivery is rendered for."""
        kind = "group" if delivery.chat_kind == "supergroup" else delivery.chat_kind
        return Audience(delivery.language, kind, self._username, zone=delivery.zone)

    async def _digest(self, delivery: Delivery, now: datetime) -> OutgoingMessage | None:
        groups, known = await _digest(self._db, delivery.subject.id)
        audience = self.audience(delivery)
        if not groups:
            return None
        named = [
            (
                known.by_id[topic_id].name(audience.language) if topic_id in known.by_id else "",
                [story_of(each, each.content, known, audience) for each in listed],
            )
            for topic_id, listed in groups
        ]
        return self._digests.digest(named, audience, now=now)


@reads
async def _article(
    tx: AsyncConnection, article_id: int, revision: int
) -> tuple[Article, Content, Topics] | None:
    article = await articles.get(tx, article_id)
    if article is None:
        return None
    content = article.content
    if revision != article.revision:
        content = await articles.content_of(tx, article_id, revision)
    return article, content, await topics.load(tx)


@reads
async def _digest(tx: AsyncConnection, digest_id: int) -> tuple[list[tuple[int, list[Article]]], Topics]:
    return await digests.stories(tx, digest_id), await topics.load(tx)
