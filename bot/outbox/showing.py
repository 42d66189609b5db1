"""What a delivery shows: its article at the wanted revision, or its digest, rendered once for all alike."""

from __future__ import annotations

import asyncio
from collections import OrderedDict
from collections.abc import Collection
from dataclasses import replace
from datetime import datetime
from itertools import islice

from sqlalchemy.ext.asyncio import AsyncConnection

from bot.model.article import Article, Content, pictures_of, without_media
from bot.model.clock import Clock
from bot.model.content import Media
from bot.model.delivery import Delivery, Shown, SubjectKind
from bot.model.digest import Digest
from bot.model.form import USUAL, Form, Style
from bot.model.message import OutgoingMessage
from bot.model.topic import Topics
from bot.rendering.article import ArticleRenderer
from bot.rendering.digest import DigestRenderer, groups_of
from bot.rendering.story import Audience, story_of
from bot.store import articles, chats, digests, topics
from bot.store.database import Database, reads
from bot.telegram.refusals import RichRefusals

KEPT = 512
RELATED = 3


Key = tuple[object, ...]
Parts = tuple[OutgoingMessage, ...]


class Showing:
    """Renders deliveries and keeps what it rendered; knows which pictures Telegram can't have."""

    def __init__(
        self,
        db: Database,
        clock: Clock,
        bot_id: int,
        bot_username: str,
        articles_: ArticleRenderer,
        digests_: DigestRenderer,
        zone: str,
        style: Style = USUAL,
        refusals: RichRefusals | None = None,
    ) -> None:
        self._db = db
        self._clock = clock
        self._bot_id = bot_id
        self._username = bot_username
        self._articles = articles_
        self._digests = digests_
        self._zone = zone
        self._style = style
        self._kept: OrderedDict[Key, Parts] = OrderedDict()
        self._rendering = asyncio.Lock()
        self._refusals = refusals or RichRefusals()
        self._dropped: dict[int, set[str] | None] = {}

    def drop_pictures(self, article_id: int, names: Collection[str] = ()) -> None:
        """Show the article without these pictures from now on, without any where none is named.

        Telegram can't have them: the words go out all the same.
        """
        dropped = self._dropped.setdefault(article_id, set())
        if not names:
            self._dropped[article_id] = None
        elif dropped is not None:
            dropped.update(names)
        self._forget(article_id)
        if len(self._dropped) > KEPT:
            del self._dropped[next(iter(self._dropped))]

    def drop_rich(self, delivery: Delivery, why: str) -> None:
        """Show what it wants in the classic form from now on: Telegram refuses the rich one."""
        self._refusals.add(*_named(delivery), why)

    async def of(self, delivery: Delivery, now: datetime) -> Parts:
        """Return the messages that the delivery wants shown, in order; none where there is nothing."""
        if delivery.subject.kind is SubjectKind.DIGEST:
            return await self._digest(delivery, now)
        key = (
            delivery.subject.id,
            delivery.wanted,
            delivery.language,
            delivery.chat_kind,
            style := self._style_of(delivery),
        )
        parts = self._kept.get(key)
        return parts if parts is not None else await self._rendered(key, delivery, style)

    async def _rendered(self, key: Key, delivery: Delivery, style: Style) -> Parts:
        # A new story is wanted by a whole window at once: one renders it, the others wait for that.
        async with self._rendering:
            parts = self._kept.get(key)
            if parts is None:
                parts = self._kept[key] = await self._article(delivery, style)
                if len(self._kept) > KEPT:
                    self._kept.popitem(last=False)
            return parts

    async def picture_changed(self, delivery: Delivery, standing: Shown) -> bool:
        """Return whether that part's picture is another one than at the revision which stands there."""
        key = ("pictures", delivery.subject.id, standing.revision, delivery.wanted, standing.part)
        if key not in self._kept:
            numbers = (standing.revision, delivery.wanted)
            before, after = [
                await self._picture(delivery.subject.id, each, standing.part) for each in numbers
            ]
            self._kept[key] = () if before == after else (OutgoingMessage(""),)
        return bool(self._kept[key])

    def withdrawn(self, delivery: Delivery) -> OutgoingMessage:
        """Return the notice that takes a killed story's place."""
        return self._articles.withdrawn(self.audience(delivery))

    def audience(self, delivery: Delivery) -> Audience:
        """Return whom the delivery is rendered for."""
        kind = "group" if delivery.chat_kind == "supergroup" else delivery.chat_kind
        return Audience(delivery.language, kind, self._username, zone=self._zone)

    def _style_of(self, delivery: Delivery) -> Style:
        style = self._style.chosen(delivery.form, delivery.pictures)
        rich = style.form is Form.RICH or delivery.subject.kind is SubjectKind.DIGEST
        return replace(style, form=Form.CLASSIC) if rich and _named(delivery) in self._refusals else style

    async def _article(self, delivery: Delivery, style: Style) -> Parts:
        related = RELATED if style.form is Form.RICH else 0
        found = await _article(self._db, delivery.subject.id, delivery.wanted, related)
        if found is None:
            return ()
        article, content, known, others = found
        content = self._left(content, article.id)
        audience = self.audience(delivery)
        return self._articles.parts(story_of(article, content, known, audience, others), audience, style)

    def _left(self, content: Content, article_id: int) -> Content:
        """Return the content without the pictures that were dropped."""
        if article_id not in self._dropped:
            return content
        return without_media(content, self._dropped[article_id])

    async def _picture(self, article_id: int, revision: int, part: int) -> Media | None:
        content = await _content(self._db, article_id, revision)
        left = self._left(content, article_id) if content else Content("")
        return next(islice(pictures_of(left), part, None), None)

    def _forget(self, article_id: int) -> None:
        for key in [key for key in self._kept if key[0] == article_id]:
            del self._kept[key]

    async def _digest(self, delivery: Delivery, now: datetime) -> Parts:
        found = await _digest(self._db, delivery.subject.id)
        if found is None:
            return ()
        told, size, known = found
        if not told.sections and told.listed and not delivery.shown:
            return ()
        audience = replace(self.audience(delivery), zone=delivery.zone)
        groups = groups_of(told, known, audience)
        page = self._digests.digest(
            groups,
            audience,
            digest_id=told.id,
            at=told.created_at,
            size=size,
            form=self._style_of(delivery).form,
            now=now,
        )
        return (page,)


def _named(delivery: Delivery) -> tuple[int, int]:
    """Return what names a refused rich message; digests have numbers below zero, apart from articles'."""
    number = delivery.subject.id
    return (-number if delivery.subject.kind is SubjectKind.DIGEST else number, delivery.wanted)


@reads
async def _article(
    tx: AsyncConnection, article_id: int, revision: int, related: int
) -> tuple[Article, Content, Topics, list[Article]] | None:
    article = await articles.get(tx, article_id)
    if article is None:
        return None
    content = article.content
    if revision != article.revision:
        content = await articles.content_of(tx, article_id, revision)
    others = await articles.related(tx, article, related) if related else []
    return article, content, await topics.load(tx), others


@reads
async def _content(tx: AsyncConnection, article_id: int, revision: int) -> Content | None:
    article = await articles.get(tx, article_id)
    return await articles.content_of(tx, article_id, revision) if article else None


@reads
async def _digest(tx: AsyncConnection, digest_id: int) -> tuple[Digest, int | None, Topics] | None:
    told = await digests.get(tx, digest_id)
    reader = await chats.get(tx, told.chat_id) if told else None
    if told is None or reader is None:
        return None
    return told, reader.digest_size, await topics.load(tx)
