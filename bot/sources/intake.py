"""Takes an item in: a new article, a next revision of one, or nothing new."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from sqlalchemy.ext.asyncio import AsyncConnection

from bot.metrics import ARTICLES_TAKEN
from bot.model.article import Article, Content, Status
from bot.model.bulletin import BulletinKind
from bot.model.delivery import Lane
from bot.sources.classify import Classifier
from bot.sources.item import Item
from bot.store import articles, bulletins


class Change(StrEnum):
    """What was new in an item."""

    NEW = "new"
    REVISED = "revised"
    SAME = "same"


class Handling(StrEnum):
    """What becomes of a new item: published at once, kept for an editor, kept as archive."""

    RELEASE = "release"
    DRAFT = "draft"
    ARCHIVE = "archive"


@dataclass(frozen=True, slots=True)
class Taken:
    """The article that an item became, and what was new in it."""

    article_id: int
    change: Change


async def take_item(
    tx: AsyncConnection,
    item: Item,
    *,
    source: str,
    content: Content,
    topic_ids: list[int],
    handling: Handling,
    edit_delivered: bool,
    at: datetime,
) -> Taken:
    """Keep the item. Its identity is (source, uid): an item seen again is one article."""
    known = await articles.by_source(tx, source, item.uid)
    if known is None:
        added = await _add(tx, item, source, content, topic_ids, handling, at)
        ARTICLES_TAKEN.labels(Change.NEW).inc()
        return Taken(added.id, Change.NEW)
    # What an editor corrected stands until the source itself says something new.
    said = {known.content.fingerprint(), await articles.fingerprint_by_source(tx, known.id)}
    if known.status is Status.KILLED or content.fingerprint() in said:
        return Taken(known.id, Change.SAME)
    revised = known.correct(content, at)
    await articles.save(tx, revised, note=source)
    if known.status is Status.PUBLISHED and edit_delivered:
        await bulletins.add(
            tx,
            article_id=known.id,
            revision=revised.revision,
            kind=BulletinKind.CORRECTED,
            lane=Lane.CORRECTION,
            everybody=False,
            at=at,
            key=f"{known.id}:{revised.revision}:corrected",
            by=None,
        )
    ARTICLES_TAKEN.labels(Change.REVISED).inc()
    return Taken(known.id, Change.REVISED)


def read_content(
    item: Item, classifier: Classifier, language: str, name: str, defaults: tuple[str, ...]
) -> tuple[Content, list[int]]:
    """Return what the item says as an article, and its topics."""
    content = item.content(language, name)
    return content, classifier.choose(content, item.categories, defaults)


async def _add(
    tx: AsyncConnection,
    item: Item,
    source: str,
    content: Content,
    topic_ids: list[int],
    handling: Handling,
    at: datetime,
) -> Article:
    # A source's clock may run ahead: nothing is published in the future.
    published = min(item.published or at, at)
    status = {
        Handling.RELEASE: Status.SCHEDULED,
        Handling.DRAFT: Status.DRAFT,
        Handling.ARCHIVE: Status.ARCHIVED,
    }[handling]
    return await articles.add(
        tx,
        content,
        source=source,
        uid=item.uid,
        at=at,
        topic_ids=topic_ids,
        status=status,
        published_at=published if handling is not Handling.DRAFT else None,
        release_at=at if handling is Handling.RELEASE else None,
    )
