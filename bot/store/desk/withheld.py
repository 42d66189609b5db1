"""Stories that no reader may see now: what a story before its release may not lead to."""

from __future__ import annotations

from datetime import datetime
from typing import NamedTuple

from sqlalchemy import ColumnElement, literal, select

from bot.model.story.article import IN_THE_MAKING, TAKEN_BACK
from bot.model.story.content import Media
from bot.model.story.content_json import load_media
from bot.store.engine.database import Transaction
from bot.store.newsroom.tables import article, revision


class Withheld(NamedTuple):
    """A story's number, its headline, its address at the source, and its leading picture."""

    id: int
    headline: str
    url: str | None
    picture: Media | None


async def newest(tx: Transaction, at: datetime, limit: int) -> list[Withheld]:
    """Return the newest stories that were taken back, and those that are under embargo at that time."""
    made = article.c.status.in_(IN_THE_MAKING) & (
        article.c.embargo_until > literal(at, article.c.embargo_until.type)
    )
    return [
        *await _some(tx, article.c.status.in_(TAKEN_BACK), limit),
        *await _some(tx, made, limit),
    ]


async def _some(tx: Transaction, where: ColumnElement[bool], limit: int) -> list[Withheld]:
    latest_one = (revision.c.article_id == article.c.id) & (revision.c.number == article.c.revision)
    columns = (article.c.id, revision.c.headline, revision.c.url, revision.c.picture)
    listed = (
        select(*columns).join(revision, latest_one).where(where).order_by(article.c.id.desc()).limit(limit)
    )
    rows = await tx.execute(listed)
    return [
        Withheld(row.id, row.headline, row.url, load_media(row.picture) if row.picture else None)
        for row in rows
    ]
