"""Corrections that editors prepare: one for each editor and story."""

from __future__ import annotations

from typing import Any

from sqlalchemy import delete, select

from bot.model.desk.proposal import Proposal
from bot.store.engine.database import Transaction
from bot.store.engine.upsert import upsert
from bot.store.newsroom import contents
from bot.store.newsroom.tables import proposal


async def keep(tx: Transaction, proposed: Proposal) -> None:
    """Keep what an editor prepares, in place of what the editor prepared before for that story."""
    said: dict[str, Any] = {
        "base": proposed.base,
        "version": proposed.version,
        "content": contents.values(proposed.content),
        "topics": None if proposed.topic_ids is None else list(proposed.topic_ids),
        "at": proposed.at,
    }
    statement = upsert(tx, proposal).values(article_id=proposed.article_id, user_id=proposed.by, **said)
    await tx.execute(statement.on_conflict_do_update(index_elements=["article_id", "user_id"], set_=said))


async def get(tx: Transaction, article_id: int, user_id: int) -> Proposal | None:
    """Return what the editor prepares for the story, or None."""
    where = (proposal.c.article_id == article_id, proposal.c.user_id == user_id)
    row = (await tx.execute(select(proposal).where(*where))).first()
    return _proposal(row) if row else None


async def of_story(tx: Transaction, article_id: int) -> list[Proposal]:
    """Return all that is being prepared for the story, the oldest first."""
    found = select(proposal).where(proposal.c.article_id == article_id)
    rows = await tx.execute(found.order_by(proposal.c.at, proposal.c.user_id))
    return [_proposal(row) for row in rows]


async def who_prepares(tx: Transaction, article_id: int) -> list[int]:
    """Return the Telegram ids of those who prepare something for the story, the oldest first."""
    found = select(proposal.c.user_id).where(proposal.c.article_id == article_id)
    return list((await tx.execute(found.order_by(proposal.c.at, proposal.c.user_id))).scalars())


async def drop(tx: Transaction, article_id: int, user_id: int) -> bool:
    """Forget what the editor prepares for the story; False where that is nothing."""
    where = (proposal.c.article_id == article_id, proposal.c.user_id == user_id)
    return (await tx.execute(delete(proposal).where(*where))).rowcount == 1


def _proposal(row: Any) -> Proposal:
    return Proposal(
        article_id=row.article_id,
        by=row.user_id,
        base=row.base,
        content=contents.load(row.content),
        at=row.at,
        topic_ids=None if row.topics is None else tuple(row.topics),
        version=row.version,
    )
