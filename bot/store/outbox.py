"""What waits in the ledger of deliveries, seen from outside; and what enters it by itself, a digest."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import func, insert, select
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.model.delivery import Lane, State, SubjectKind
from bot.store.claims import IS_WAITING
from bot.store.tables import chat, delivery


async def waiting(tx: AsyncConnection, bot_id: int) -> dict[Lane, tuple[int, datetime]]:
    """Return, for each lane in which something waits, how much and since when the oldest is due."""
    where = (delivery.c.bot_id == bot_id, IS_WAITING)
    statement = select(delivery.c.lane, func.count(), func.min(delivery.c.due_at)).where(*where)
    rows = await tx.execute(statement.group_by(delivery.c.lane))
    return {lane: (count, oldest) for lane, count, oldest in rows}


async def open_digest(tx: AsyncConnection, bot_id: int, digest_id: int, chat_id: int, now: datetime) -> None:
    """Want a digest shown to its chat."""
    await tx.execute(
        insert(delivery).values(
            bot_id=bot_id,
            kind=SubjectKind.DIGEST,
            subject_id=digest_id,
            chat_id=chat_id,
            lane=Lane.DIGEST,
            wanted=1,
            due_at=now,
            state=State.WAITING,
            attempts=0,
            thread_id=select(chat.c.thread_id).where(chat.c.id == chat_id).scalar_subquery(),
        )
    )
