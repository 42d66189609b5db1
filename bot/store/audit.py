"""Who did what to which version when. Rows are only ever added."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import insert, select
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.store.tables import audit


@dataclass(frozen=True, slots=True)
class Entry:
    """One deed. `actor` is a Telegram user id; None: the bot by itself."""

    at: datetime
    actor: int | None
    verb: str
    article_id: int | None
    revision: int | None
    detail: str


async def add(
    tx: AsyncConnection,
    at: datetime,
    actor: int | None,
    verb: str,
    *,
    article_id: int | None = None,
    revision: int | None = None,
    detail: str = "",
) -> None:
    """Note the deed, in the transaction that does it."""
    values = {
        "at": at,
        "actor": actor,
        "verb": verb,
        "article_id": article_id,
        "revision": revision,
        "detail": detail,
    }
    await tx.execute(insert(audit).values(values))


async def recent(tx: AsyncConnection, limit: int, *, article_id: int | None = None) -> list[Entry]:
    """Return the latest deeds, newest first; those on one article where it is given."""
    columns = (
        audit.c.at,
        audit.c.actor,
        audit.c.verb,
        audit.c.article_id,
        audit.c.revision,
        audit.c.detail,
    )
    statement = select(*columns).order_by(audit.c.id.desc()).limit(limit)
    if article_id is not None:
        statement = statement.where(audit.c.article_id == article_id)
    return [Entry(*row) for row in (await tx.execute(statement)).all()]
