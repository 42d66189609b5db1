"""What waits in the ledger of deliveries, seen from outside; and what enters it by itself, digests."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import func, insert, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.model.chat import Chat
from bot.model.delivery import Lane, State, SubjectKind
from bot.store.claims import IS_WAITING
from bot.store.tables import chat, delivery, digest, message


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


async def merge_digests(tx: AsyncConnection, one: Chat) -> datetime | None:
    """Skip digests of the chat that never got out, and return since when they told: the next one tells it."""
    unsent = (
        delivery.c.bot_id == one.bot_id,
        delivery.c.kind == SubjectKind.DIGEST,
        delivery.c.chat_id == one.id,
        delivery.c.state == State.WAITING,
        delivery.c.shown.is_(None),
    )
    skipped = update(delivery).where(*unsent).values(state=State.SKIPPED, reason="merged")
    ids = (await tx.execute(skipped.returning(delivery.c.subject_id))).scalars().all()
    told = select(func.min(digest.c.since)).where(digest.c.id.in_(ids))
    return (await tx.execute(told)).scalar_one() if ids else None


async def note_digest(
    tx: AsyncConnection, one: Chat, digest_id: int, message_id: int, form: str, now: datetime
) -> None:
    """Enter a digest that was shown in a conversation, so that corrections and kills reach it."""
    key = {"bot_id": one.bot_id, "kind": SubjectKind.DIGEST, "subject_id": digest_id, "chat_id": one.id}
    shown = {"wanted": 1, "shown": 1, "state": State.DONE, "due_at": now, "accepted_at": now}
    await tx.execute(insert(delivery).values(**key, **shown, lane=Lane.DIGEST, attempts=0))
    part = {"part": 0, "message_id": message_id, "revision": 1, "form": form, "sent_at": now}
    await tx.execute(insert(message).values(**key, **part))
