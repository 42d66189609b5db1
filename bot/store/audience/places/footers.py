"""The line under a channel's posts. Chats with the same words share a row, which never changes."""

from __future__ import annotations

from sqlalchemy import delete, exists, func, select

from bot.store.engine.database import Transaction
from bot.store.engine.upsert import upsert
from bot.store.tables.audience import chat
from bot.store.tables.places import footer

YOUNG = 100
"""The newest footers are kept although nobody has them: somebody may be choosing one just now."""


async def put(tx: Transaction, words: str) -> int:
    """Return the number of the footer with those words (classic HTML)."""
    new = upsert(tx, footer).values(words=words)
    kept = new.on_conflict_do_update(index_elements=["words"], set_={"words": new.excluded.words})
    return int((await tx.execute(kept.returning(footer.c.id))).scalar_one())


async def words_of(tx: Transaction, footer_id: int | None) -> str:
    """Return a footer's words; empty where there is none."""
    if footer_id is None:
        return ""
    found = await tx.execute(select(footer.c.words).where(footer.c.id == footer_id))
    return found.scalar_one_or_none() or ""


async def drop_unused(tx: Transaction, limit: int) -> int:
    """Drop some of the footers that no chat has; return how many."""
    newest = select(func.max(footer.c.id)).scalar_subquery()
    old = (footer.c.id < newest - YOUNG, ~exists().where(chat.c.footer_id == footer.c.id))
    some = select(footer.c.id).where(*old).limit(limit)
    return (await tx.execute(delete(footer).where(footer.c.id.in_(some)))).rowcount
