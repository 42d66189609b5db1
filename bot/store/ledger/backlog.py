"""What goes out before breaking news, counted along the index of what waits."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Select, func, select

from bot.model.delivery import Lane, Manner, SubjectKind
from bot.store.engine.database import Transaction
from bot.store.ledger.release.rows import IS_CLAIMED, IS_WAITING
from bot.store.tables.ledger import bulletin, delivery

LANES = (Lane.KILL, Lane.FLASH)
"""The lanes of news that go before a flash that is sent now."""

MOST = 50_000
"""So many deliveries of a lane are counted: half an hour's, at what Telegram allows."""

SOON = timedelta(minutes=5)
"""What waits for longer is held up by something else: a pause, a chat's own limit."""


async def anything_before_flash(tx: Transaction, bot_id: int, now: datetime) -> bool:
    """Return whether any delivery waits in those lanes, or is being made."""
    for lane in LANES:
        for listed in _listed(bot_id, lane, now):
            if (await tx.execute(listed.limit(1))).first() is not None:
                return True
    return False


async def waiting_before_flash(tx: Transaction, bot_id: int, now: datetime) -> dict[int, int]:
    """Return how many deliveries of each article wait in those lanes or are being made, `MOST` of a lane at most."""
    found: dict[int, int] = {}
    for lane in LANES:
        for each in _listed(bot_id, lane, now):
            listed = each.limit(MOST).subquery()
            counted = select(listed.c.subject_id, func.count()).where(listed.c.kind == SubjectKind.ARTICLE)
            for article_id, count in await tx.execute(counted.group_by(listed.c.subject_id)):
                found[article_id] = found.get(article_id, 0) + count
    return found


def _listed(bot_id: int, lane: Lane, now: datetime) -> tuple[Select[Any], Select[Any]]:
    """Return selects of what waits in a lane, and of what is being made, each along its own index."""
    subjects = select(delivery.c.kind, delivery.c.subject_id).where(delivery.c.lane == lane)
    subjects = subjects.where(delivery.c.due_at <= now + SOON)
    # In any other order, and with the bare column, SQLite would walk all that the bot ever sent.
    waits = subjects.where(delivery.c.bot_id == bot_id, IS_WAITING)
    waits = waits.order_by(delivery.c.due_at, delivery.c.subject_id, delivery.c.chat_id)
    return waits, subjects.where(delivery.c.bot_id + 0 == bot_id, IS_CLAIMED)


async def pinned_among(tx: Transaction, article_ids: Collection[int]) -> set[int]:
    """Return those of the articles that are pinned where they arrive."""
    pinned = (bulletin.c.article_id.in_(article_ids), bulletin.c.manner == Manner.PINNED)
    return (
        set((await tx.execute(select(bulletin.c.article_id).where(*pinned))).scalars())
        if article_ids
        else set()
    )
