"""What a delivery shows: its article at the wanted revision, or its digest, rendered once for all alike."""

from __future__ import annotations

import asyncio
from collections import OrderedDict
from collections.abc import Collection
from dataclasses import replace
from datetime import datetime
from itertools import islice

from bot.model.bot import Bot
from bot.model.clock import Clock
from bot.model.delivery import Delivery, Shown, SubjectKind
from bot.model.errors import DeliveryError, PictureRefused
from bot.model.message import OutgoingMessage
from bot.model.newsroom.coverage import Coverage
from bot.model.story.article import Article, Content, Status, pictures_of, without_media
from bot.model.story.content import Media
from bot.model.story.digest import Digest
from bot.model.story.fallback import Attempt, next_attempt
from bot.model.story.form import Form, Style
from bot.model.story.topic import Topics
from bot.outbox.places.footers import Footers
from bot.rendering.article import ArticleRenderer
from bot.rendering.digest import DigestRenderer, groups_of
from bot.rendering.story import Readership, story_of
from bot.store.audience import chats
from bot.store.audience import digests as kept_digests
from bot.store.engine.database import Database
from bot.store.newsroom import articles as kept_articles
from bot.store.newsroom import topics
from bot.telegram.rich_refusals import RichRefusals

KEPT = 512
RELATED = 3
NAMED_ATTEMPTS = 2
"""How often a delivery's refused pictures are left out by name; after that, all pictures are."""


Key = tuple[object, ...]
Parts = tuple[OutgoingMessage, ...]


class RenderCache:
    """Renders deliveries and keeps what it rendered; knows which pictures Telegram can't have."""

    def __init__(
        self,
        db: Database,
        clock: Clock,
        bot: Bot,
        *,
        articles: ArticleRenderer,
        digests: DigestRenderer,
        refusals: RichRefusals | None = None,
    ) -> None:
        self._db = db
        self._clock = clock
        self._bot = bot
        self.style = bot.style
        self._articles = articles
        self._digests = digests
        self._kept: OrderedDict[Key, Parts] = OrderedDict()
        # Apart from the others: a thousand channels with a line of their own must not drive out what is for all.
        self._footed: OrderedDict[Key, Parts] = OrderedDict()
        self._footers = Footers(db)
        self._rendering = asyncio.Lock()
        self._refusals = refusals or RichRefusals()
        self._dropped: dict[int, set[str] | None] = {}

    def fall_back(self, delivery: Delivery, refusal: DeliveryError) -> bool:
        """Show what the delivery is of as `next_attempt` says from now on, to all chats alike.

        False where nothing is left to try.
        """
        # Deliveries that are under way at once meet the same refusal, each as if it were the first: only
        # one that was refused before shows that leaving out the named pictures does not help.
        named = refusal.pictures if isinstance(refusal, PictureRefused) else ()
        left_out = frozenset(named if delivery.attempts >= NAMED_ATTEMPTS else ())
        style = self.style.chosen(delivery.form, delivery.pictures)
        if (
            left_out
            and delivery.attempts > NAMED_ATTEMPTS
            and self._dropped.get(delivery.subject.id, left_out) is None
        ):
            # Without any picture too: what is refused is a video, which the classic form has none of.
            style = replace(style, pictures=False)
        tried = Attempt(style, left_out)
        following = next_attempt(tried, refusal)
        if following is None:
            return False
        if following.style.form is not tried.style.form:
            self._refusals.add(delivery.subject, delivery.wanted, refusal.detail)
        else:
            self._drop_pictures(delivery.subject.id, following.refused - left_out)
        return True

    def _drop_pictures(self, article_id: int, names: Collection[str]) -> None:
        """Show the article without these pictures from now on, without any where none is named."""
        dropped = self._dropped.setdefault(article_id, set())
        if not names:
            self._dropped[article_id] = None
        elif dropped is not None:
            dropped.update(names)
        self._forget(article_id)
        if len(self._dropped) > KEPT:
            del self._dropped[next(iter(self._dropped))]

    async def of(self, delivery: Delivery, now: datetime) -> Parts:
        """Return the messages that the delivery wants shown, in order; none where there is nothing."""
        if delivery.subject.kind is SubjectKind.DIGEST:
            return await self._digest(delivery, now)
        key: Key = (
            delivery.subject.id,
            delivery.wanted,
            delivery.language,
            delivery.chat_kind,
            style := self._style_of(delivery),
        )
        kept = self._kept
        if delivery.footer_id is not None:
            key, kept = (*key, delivery.footer_id), self._footed
        parts = kept.get(key)
        return parts if parts is not None else await self._rendered(key, kept, delivery, style=style)

    async def _rendered(
        self, key: Key, kept: OrderedDict[Key, Parts], delivery: Delivery, *, style: Style
    ) -> Parts:
        # A new story is wanted by a whole window at once: one renders it, the others wait for that.
        async with self._rendering:
            parts = kept.get(key)
            if parts is None:
                parts = kept[key] = await self._article(delivery, style)
                if len(kept) > KEPT:
                    kept.popitem(last=False)
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

    async def withdrawn(self, delivery: Delivery) -> OutgoingMessage:
        """Return the notice that takes a story's place: killed, taken down and unpublished read otherwise."""
        status = Status.KILLED
        if delivery.subject.kind is SubjectKind.ARTICLE:
            async with self._db.read() as tx:
                article = await kept_articles.get(tx, delivery.subject.id)
            status = article.status if article else status
        return self._articles.withdrawn(self.readership(delivery), status)

    def readership(self, delivery: Delivery) -> Readership:
        """Return whom the delivery is rendered for."""
        kind = "group" if delivery.chat_kind == "supergroup" else delivery.chat_kind
        return Readership(delivery.language, kind, self._bot.username, zone=self._bot.zone)

    async def _with_footer(self, delivery: Delivery) -> Readership:
        footer = await self._footers.words(delivery.footer_id)
        return replace(self.readership(delivery), footer=footer)

    def _style_of(self, delivery: Delivery) -> Style:
        style = self.style.chosen(delivery.form, delivery.pictures)
        return self._refusals.allowed(style, delivery.subject, delivery.wanted)

    async def _article(self, delivery: Delivery, style: Style) -> Parts:
        related = RELATED if style.form is Form.RICH else 0
        found = await _article(
            self._db, delivery.subject.id, delivery.wanted, related, coverage=self._bot.coverage
        )
        if found is None:
            return ()
        article, content, known, others = found
        content = self._left(content, article.id)
        readership = await self._with_footer(delivery)
        return self._articles.parts(
            story_of(article, content, known, readership, related=others), readership, style
        )

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
        for kept in (self._kept, self._footed):
            for key in [key for key in kept if key[0] == article_id]:
                del kept[key]

    async def _digest(self, delivery: Delivery, now: datetime) -> Parts:
        found = await _digest(self._db, delivery.subject.id)
        if found is None:
            return ()
        told, size, known = found
        if not told.sections and told.listed and not delivery.shown:
            return ()
        readership = replace(await self._with_footer(delivery), zone=delivery.zone)
        groups = groups_of(told, known, readership)
        page = self._digests.digest(
            groups,
            readership,
            digest_id=told.id,
            at=told.created_at,
            size=size,
            form=self._style_of(delivery).form,
            now=now,
            occasion=told.occasion,
        )
        return (page,)


async def _article(
    db: Database, article_id: int, revision: int, related: int, *, coverage: Coverage
) -> tuple[Article, Content, Topics, list[Article]] | None:
    async with db.read() as tx:
        article = await kept_articles.get(tx, article_id)
        if article is None:
            return None
        content = article.content
        if revision != article.revision:
            content = await kept_articles.content_of(tx, article_id, revision)
        known = await topics.load(tx)
        offered = coverage.offered(known).by_id
        others = await kept_articles.related(tx, article, related, offered) if related else []
        return article, content, known, others


async def _content(db: Database, article_id: int, revision: int) -> Content | None:
    async with db.read() as tx:
        article = await kept_articles.get(tx, article_id)
        return await kept_articles.content_of(tx, article_id, revision) if article else None


async def _digest(db: Database, digest_id: int) -> tuple[Digest, int | None, Topics] | None:
    async with db.read() as tx:
        told = await kept_digests.get(tx, digest_id)
        reader = await chats.get(tx, told.chat_id) if told else None
        if told is None or reader is None:
            return None
        return told, reader.digest_size, await topics.load(tx)
