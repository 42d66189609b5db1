"""The newsroom's groups of words that mean the same to readers."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import delete, insert, select

from bot.store.engine.database import Transaction
from bot.store.tables.search import synonym

Groups = tuple[tuple[str, ...], ...]


async def load(tx: Transaction) -> Groups:
    """Return the groups, in the newsroom's order."""
    rows = await tx.execute(select(synonym.c.words).order_by(synonym.c.id))
    return tuple(tuple(words) for words in rows.scalars())


async def replace(tx: Transaction, groups: Sequence[Sequence[str]]) -> None:
    """Keep these groups in the place of all that were kept."""
    if await load(tx) == tuple(tuple(each) for each in groups):
        return
    await tx.execute(delete(synonym))
    if groups:
        await tx.execute(insert(synonym), [{"words": list(each)} for each in groups])
