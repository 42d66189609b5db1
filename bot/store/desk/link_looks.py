"""Which links of a story led nowhere when they were looked at last."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import select

from bot.store.engine.database import Transaction
from bot.store.engine.upsert import upsert
from bot.store.newsroom.tables import link_look


async def keep(tx: Transaction, article_id: int, number: int, dead: Sequence[str], *, at: datetime) -> None:
    """Keep which links of the article's revision are dead, in place of what was seen before."""
    said = {"revision": number, "dead": list(dead), "at": at}
    statement = upsert(tx, link_look).values(article_id=article_id, **said)
    await tx.execute(statement.on_conflict_do_update(index_elements=["article_id"], set_=said))


async def dead_of(tx: Transaction, article_id: int, number: int, since: datetime) -> list[str] | None:
    """Return which links of the revision were dead; None where nobody has looked since that time."""
    where = (
        link_look.c.article_id == article_id,
        link_look.c.revision == number,
        link_look.c.at > since,
    )
    row = (await tx.execute(select(link_look.c.dead).where(*where))).first()
    return list(row.dead) if row else None
