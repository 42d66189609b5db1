"""Stories that a person saved to read again."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import delete, func, select

from bot.model.story.article import READABLE
from bot.store.engine.database import Transaction
from bot.store.engine.upsert import upsert
from bot.store.newsroom.articles import READ_BY_ALL
from bot.store.newsroom.tables import article
from bot.store.tables.audience import saved


async def add(tx: Transaction, chat_id: int, article_id: int, at: datetime) -> None:
    """Save a story; one that is saved already keeps its place."""
    values = {"chat_id": chat_id, "article_id": article_id, "saved_at": at}
    await tx.execute(
        upsert(tx, saved).values(values).on_conflict_do_nothing(index_elements=["chat_id", "article_id"])
    )


async def remove(tx: Transaction, chat_id: int, article_id: int) -> None:
    """Take a story out of what the chat saved."""
    await tx.execute(delete(saved).where(saved.c.chat_id == chat_id, saved.c.article_id == article_id))


async def holds(tx: Transaction, chat_id: int, article_id: int) -> bool:
    """Return whether the chat saved the story."""
    found = select(saved.c.chat_id).where(saved.c.chat_id == chat_id, saved.c.article_id == article_id)
    return (await tx.execute(found)).first() is not None


async def all_of(tx: Transaction, chat_id: int) -> list[tuple[int, datetime]]:
    """Return the ids of all that the chat saved, and when it did, saved last first."""
    mine = select(saved.c.article_id, saved.c.saved_at).where(saved.c.chat_id == chat_id)
    rows = await tx.execute(mine.order_by(saved.c.saved_at.desc(), saved.c.article_id.desc()))
    return [(row.article_id, row.saved_at) for row in rows]


async def count(tx: Transaction, chat_id: int) -> int:
    """Return how many stories the chat saved, those that nobody can read any more included."""
    found = select(func.count()).select_from(saved).where(saved.c.chat_id == chat_id)
    return int((await tx.execute(found)).scalar_one())


async def readable(tx: Transaction, chat_id: int) -> list[tuple[int, datetime]]:
    """Return the saved stories that can be read, saved last first: their ids, and when each was published."""
    listed = (
        select(article.c.id, article.c.published_at)
        .join(saved, saved.c.article_id == article.c.id)
        .where(saved.c.chat_id == chat_id, READ_BY_ALL, article.c.published_at.is_not(None))
        .order_by(saved.c.saved_at.desc(), article.c.id.desc())
    )
    return [(row.id, row.published_at) for row in await tx.execute(listed)]


async def drop_taken_back(tx: Transaction, chat_id: int) -> None:
    """Forget what the chat saved of stories that were taken back since."""
    out = select(article.c.id).where(article.c.id == saved.c.article_id, article.c.status.not_in(READABLE))
    await tx.execute(delete(saved).where(saved.c.chat_id == chat_id, out.exists()))
