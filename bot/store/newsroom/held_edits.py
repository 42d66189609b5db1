"""Edits of sources that would take something from readers: kept aside, and told to the editors."""

from __future__ import annotations

from datetime import datetime
from typing import NamedTuple

from sqlalchemy import delete, select

from bot.model.story.article import Content
from bot.store.engine.database import Transaction
from bot.store.engine.upsert import upsert
from bot.store.newsroom import contents
from bot.store.newsroom.tables import article, held_edit, revision


class HeldEdit(NamedTuple):
    """An edit that is held: of which article, since when, why (a slug), and the article's headline."""

    article_id: int
    at: datetime
    reason: str
    headline: str


async def keep(
    tx: Transaction, article_id: int, content: Content, *, source: str, reason: str, at: datetime
) -> None:
    """Hold what the source says now, in place of an earlier edit of the article that was held."""
    said = {"source": source, "reason": reason, "content": contents.values(content), "at": at}
    statement = upsert(tx, held_edit).values(article_id=article_id, **said)
    await tx.execute(statement.on_conflict_do_update(index_elements=["article_id"], set_=said))


async def drop(tx: Transaction, article_id: int) -> None:
    """Forget the edit that is held of the article: the source says something else by now."""
    await tx.execute(delete(held_edit).where(held_edit.c.article_id == article_id))


async def get(tx: Transaction, article_id: int) -> Content | None:
    """Return what the source would have the article say, or None."""
    found = await tx.execute(select(held_edit.c.content).where(held_edit.c.article_id == article_id))
    kept = found.scalar_one_or_none()
    return None if kept is None else contents.load(kept)


async def standing(tx: Transaction, article_id: int) -> bool:
    """Return whether an edit of the article is held."""
    found = await tx.execute(select(held_edit.c.at).where(held_edit.c.article_id == article_id))
    return found.first() is not None


async def listing(tx: Transaction, after: datetime | None = None) -> list[HeldEdit]:
    """Return the edits that are held, all or those since a time, oldest first."""
    latest_one = (revision.c.article_id == article.c.id) & (revision.c.number == article.c.revision)
    columns = (held_edit.c.article_id, held_edit.c.at, held_edit.c.reason, revision.c.headline)
    statement = (
        select(*columns).join(article, article.c.id == held_edit.c.article_id).join(revision, latest_one)
    )
    if after is not None:
        statement = statement.where(held_edit.c.at > after)
    rows = await tx.execute(statement.order_by(held_edit.c.at, held_edit.c.article_id))
    return [HeldEdit(*row) for row in rows]
