"""Publish a story: article and bulletin in one transaction."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncConnection

from bot.model.article import Article
from bot.model.bulletin import BulletinKind
from bot.model.delivery import Lane
from bot.model.errors import Refusal
from bot.store import articles, audit, bulletins
from bot.store.database import writes_durably


@writes_durably
async def publish(tx: AsyncConnection, article_id: int, at: datetime, by: int | None = None) -> int:
    """Publish a draft or scheduled story and return the bulletin's id. Refused where it may not be."""
    return await publish_within(tx, article_id, at, by=by, lane=Lane.STORY, everybody=False)


async def publish_within(
    tx: AsyncConnection, article_id: int, at: datetime, *, by: int | None, lane: Lane, everybody: bool
) -> int:
    """Publish within a transaction that is under way."""
    article = await _known(tx, article_id)
    published = article.publish(at)
    await articles.save(tx, published, by=by)
    bulletin_id, _ = await bulletins.add(
        tx,
        article_id=article_id,
        revision=published.revision,
        kind=BulletinKind.NEW,
        lane=lane,
        everybody=everybody,
        at=at,
        key=f"{article_id}:new",
        by=by,
    )
    await audit.add(tx, at, by, "publish", article_id=article_id, revision=published.revision)
    return bulletin_id


async def _known(tx: AsyncConnection, article_id: int) -> Article:
    article = await articles.get(tx, article_id, lock=True)
    if article is None:
        raise Refusal("not-found")
    return article
