"""Correct a published story, or kill it: what was delivered follows."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncConnection

from bot.model.article import Content, Status
from bot.model.bulletin import BulletinKind
from bot.model.delivery import Lane
from bot.model.errors import Refusal
from bot.store import articles, audit, bulletins
from bot.store.database import writes_durably


@writes_durably
async def correct(
    tx: AsyncConnection, article_id: int, content: Content, at: datetime, by: int | None = None
) -> int:
    """Make `content` the story's next revision and return its number."""
    article = await articles.get(tx, article_id, lock=True)
    if article is None:
        raise Refusal("not-found")
    corrected = article.correct(content, at)
    await articles.save(tx, corrected, by=by)
    if article.status is Status.PUBLISHED:
        await _tell(tx, article_id, corrected.revision, BulletinKind.CORRECTED, Lane.CORRECTION, at, by)
    await audit.add(tx, at, by, "correct", article_id=article_id, revision=corrected.revision)
    return corrected.revision


@writes_durably
async def kill(tx: AsyncConnection, article_id: int, at: datetime, by: int | None = None) -> None:
    """Take the story back everywhere: it is deleted where it is shown, and never sent again."""
    article = await articles.get(tx, article_id, lock=True)
    if article is None:
        raise Refusal("not-found")
    await articles.save(tx, article.kill(at), by=by)
    await _tell(tx, article_id, article.revision, BulletinKind.KILLED, Lane.KILL, at, by)
    await audit.add(tx, at, by, "kill", article_id=article_id, revision=article.revision)


async def _tell(
    tx: AsyncConnection,
    article_id: int,
    revision: int,
    kind: BulletinKind,
    lane: Lane,
    at: datetime,
    by: int | None,
) -> None:
    await bulletins.add(
        tx,
        article_id=article_id,
        revision=revision,
        kind=kind,
        lane=lane,
        everybody=False,
        at=at,
        key=f"{article_id}:{revision}:{kind}",
        by=by,
    )
