"""What is to be told of troubles in groups and channels, to whoever brought the bot or set something up there."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import and_, case, delete, literal, null, select, update

from bot.model.chat import ChatKind
from bot.model.places.notice import AGAIN, ChatNotice, ChatTrouble
from bot.store.engine.database import Transaction
from bot.store.engine.upsert import upsert
from bot.store.tables.audience import chat
from bot.store.tables.places import chat_notice

_KEY = ["chat_id", "user_id", "trouble", "thread_id"]


async def note(
    tx: Transaction,
    chat_id: int,
    trouble: ChatTrouble,
    *,
    at: datetime,
    thread_id: int = 0,
    detail: str = "",
    by: int | None = None,
) -> None:
    """Keep that whoever set a group or channel up is to be told of a trouble; `by` is who did it, and knows.

    `detail` is the name of the thread that it is about.

    What was told, and never right since, is not told again; nor what was told within a day.
    """
    asked = select(chat.c.bot_id, chat.c.invited_by, chat.c.chosen_by).where(chat.c.id == chat_id)
    row = (await tx.execute(asked.where(chat.c.kind != ChatKind.PRIVATE))).first()
    if row is None:
        return
    for user_id in sorted({row.invited_by, row.chosen_by} - {None, by}):
        values = {
            "bot_id": row.bot_id,
            "chat_id": chat_id,
            "user_id": user_id,
            "trouble": trouble,
            "thread_id": thread_id,
            "detail": detail,
            "noted_at": at,
        }
        anew = and_(chat_notice.c.ended_at.is_not(None), chat_notice.c.told_at < at - AGAIN)
        changed: dict[str, Any] = {
            "told_at": case((anew, null()), else_=chat_notice.c.told_at),
            "noted_at": case((anew, literal(at, chat_notice.c.noted_at.type)), else_=chat_notice.c.noted_at),
            "ended_at": None,
        }
        new = upsert(tx, chat_notice).values(values)
        await tx.execute(new.on_conflict_do_update(index_elements=_KEY, set_=changed))


async def end(
    tx: Transaction, chat_id: int, *troubles: ChatTrouble, at: datetime, thread_id: int | None = None
) -> None:
    """Note that a chat is right again. What was still to be told of it is nothing to tell any more."""
    where = [chat_notice.c.chat_id == chat_id, chat_notice.c.trouble.in_(troubles)]
    if thread_id is not None:
        where.append(chat_notice.c.thread_id == thread_id)
    await tx.execute(delete(chat_notice).where(*where, chat_notice.c.told_at.is_(None)))
    await tx.execute(update(chat_notice).where(*where, chat_notice.c.ended_at.is_(None)).values(ended_at=at))


async def untold(tx: Transaction, bot_id: int, limit: int) -> list[ChatNotice]:
    """Return what is still to be told, the oldest first."""
    statement = (
        select(chat_notice, chat.c.telegram_id, chat.c.title, chat.c.kind)
        .join(chat, chat.c.id == chat_notice.c.chat_id)
        .where(chat_notice.c.bot_id == bot_id, chat_notice.c.told_at.is_(None))
        .order_by(chat_notice.c.noted_at, chat_notice.c.id)
        .limit(limit)
    )
    return [
        ChatNotice(
            row.id,
            row.user_id,
            row.telegram_id,
            row.trouble,
            title=row.title,
            kind=row.kind,
            thread=row.detail,
        )
        for row in await tx.execute(statement)
    ]


async def told(tx: Transaction, notice_id: int, at: datetime) -> None:
    """Note that the person was told, or can't be."""
    await tx.execute(update(chat_notice).where(chat_notice.c.id == notice_id).values(told_at=at))


async def forget(tx: Transaction, before: datetime) -> None:
    """Forget what is that old, told or not."""
    await tx.execute(delete(chat_notice).where(chat_notice.c.noted_at < before))
