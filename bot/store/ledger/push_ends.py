"""Which pushes have ended, and how: asked of one bot's deliveries."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import func, select

from bot.model.audience import ToldTo
from bot.model.bulletin import Bulletin, BulletinKind, Progress
from bot.model.delivery import State, SubjectKind
from bot.store.engine.database import Transaction
from bot.store.ledger import bulletins
from bot.store.tables.ledger import bulletin, delivery


@dataclass(frozen=True, slots=True)
class PushEnd:
    """How a push ended; `first_at` is when Telegram accepted its first message, None where it sent none."""

    told: Bulletin
    progress: Progress
    first_at: datetime | None


async def newer(tx: Transaction, bulletin_id: int, since: datetime) -> dict[int, datetime]:
    """Return the bulletins after that one that were decided since then, and when each was."""
    columns = select(bulletin.c.id, bulletin.c.created_at)
    columns = columns.where(bulletin.c.told_to.is_distinct_from(ToldTo.CANARY))
    rows = await tx.execute(columns.where(bulletin.c.id > bulletin_id, bulletin.c.created_at >= since))
    return {row.id: row.created_at for row in rows}


async def is_open(tx: Transaction, bot_id: int, bulletin_id: int) -> bool:
    """Return whether something more may happen to the push; to one that is not kept any more nothing does."""
    told = await bulletins.get(tx, bulletin_id)
    if told is None:
        return False
    if told.planned_at is None:
        return True
    states = [State.CLAIMED] if told.stopped_at else [State.WAITING, State.CLAIMED]
    # The courier goes by chat, upwards: from the end, what still waits is met at once.
    waits = select(delivery.c.chat_id).where(*_of(bot_id, told), delivery.c.state.in_(states))
    if told.kind is BulletinKind.NEW:
        waits = waits.where(delivery.c.accepted_at.is_(None))
    return (await tx.execute(waits.order_by(delivery.c.chat_id.desc()).limit(1))).first() is not None


async def find(tx: Transaction, bot_id: int, bulletin_id: int) -> PushEnd | None:
    """Return how a push ended that is not open, or None where it is not kept any more."""
    told = await bulletins.get(tx, bulletin_id)
    progress = await bulletins.progress(tx, bulletin_id)
    if told is None or progress is None:
        return None
    first = await tx.execute(select(func.min(delivery.c.accepted_at)).where(*_of(bot_id, told)))
    return PushEnd(told, progress, first.scalar_one())


def _of(bot_id: int, told: Bulletin) -> tuple[Any, ...]:
    of_it = (
        delivery.c.bot_id == bot_id,
        delivery.c.kind == SubjectKind.ARTICLE,
        delivery.c.subject_id == told.article_id,
    )
    if told.kind is BulletinKind.NEW:
        return (*of_it, delivery.c.bulletin_id == told.id)
    return (*of_it, delivery.c.shown.is_not(None))
