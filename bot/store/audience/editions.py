"""Editions: what digests tell, kept once for all chats that get the same stories in the same order."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import delete, exists, insert, select

from bot.store.engine.database import Transaction
from bot.store.tables.audience import digest, digest_article, edition

Groups = Sequence[tuple[int | None, Sequence[int]]]
"""Topics, None for none, each with its articles in their order."""


async def add(tx: Transaction, groups: Groups) -> int | None:
    """Keep what digests tell and return its number; None where there are no stories."""
    listed = [(topic_id, article_id) for topic_id, ids in groups for article_id in ids]
    if not listed:
        return None
    number = int((await tx.execute(insert(edition).returning(edition.c.id))).scalar_one())
    rows = [
        {"edition_id": number, "article_id": article_id, "position": position, "topic_id": topic_id}
        for position, (topic_id, article_id) in enumerate(listed)
    ]
    await tx.execute(insert(digest_article), rows)
    return number


async def forget_digests(tx: Transaction, chat_id: int) -> None:
    """Drop a chat's digests."""
    mine = digest.c.chat_id == chat_id
    told = list((await tx.execute(select(digest.c.edition_id).where(mine).distinct())).scalars())
    await tx.execute(delete(digest).where(mine))
    await drop_unused(tx, told)


async def drop_unused(tx: Transaction, numbers: Sequence[int | None]) -> None:
    """Drop those of the editions that no digest tells any more."""
    told = exists().where(digest.c.edition_id == edition.c.id)
    known = [each for each in numbers if each is not None]
    if known:
        await tx.execute(delete(edition).where(edition.c.id.in_(known), ~told))
