"""What chats follow, and in which mode."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import delete, func, select, update

from bot.model.chat import ChatState, Subscription
from bot.model.following.mode import Mode
from bot.store.engine.database import Transaction
from bot.store.engine.upsert import upsert
from bot.store.tables.audience import chat, subscription


async def of_chat(tx: Transaction, chat_id: int) -> dict[int, Subscription]:
    """Return what the chat chose, by topic."""
    rows = (await tx.execute(select(subscription).where(subscription.c.chat_id == chat_id))).all()
    return {
        row.topic_id: Subscription(
            chat_id, row.topic_id, row.mode, row.thread_id, row.since, row.position, row.most
        )
        for row in rows
    }


async def subscribe(
    tx: Transaction, chat_id: int, topic_id: int, at: datetime, *, thread_id: int | None = None
) -> None:
    """Let the chat follow the topic as usual, in that thread of a forum, whatever it chose before."""
    chosen = {"mode": Mode.USUAL, "thread_id": thread_id, "since": at}
    await _choose(tx, chat_id, topic_id, new=chosen, again=chosen)


async def set_mode(
    tx: Transaction, chat_id: int, topic_id: int, at: datetime, *, mode: Mode, thread_id: int | None = None
) -> None:
    """Let the chat have the topic in that mode. Where it chose the topic before, place and thread stay."""
    new = {"mode": mode, "thread_id": thread_id, "since": at}
    await _choose(tx, chat_id, topic_id, new=new, again={"mode": mode})


async def unsubscribe(tx: Transaction, chat_id: int, *topic_ids: int) -> None:
    """Forget what the chat chose for those topics: the ones above them decide again."""
    where = (subscription.c.chat_id == chat_id, subscription.c.topic_id.in_(topic_ids))
    await tx.execute(delete(subscription).where(*where))


async def arrange(tx: Transaction, chat_id: int, topic_ids: Sequence[int]) -> None:
    """Keep the order in which a chat has its topics."""
    for position, topic_id in enumerate(topic_ids):
        where = (subscription.c.chat_id == chat_id, subscription.c.topic_id == topic_id)
        await tx.execute(update(subscription).where(*where).values(position=position))


async def set_most(tx: Transaction, chat_id: int, topic_id: int, most: int | None) -> None:
    """Let so many of a topic's stories a day come at once; None: all."""
    where = (subscription.c.chat_id == chat_id, subscription.c.topic_id == topic_id)
    await tx.execute(update(subscription).where(*where).values(most=most))


async def followers(tx: Transaction, bot_id: int) -> dict[int, int]:
    """Return how many active chats chose each topic itself, and how many WIRE."""
    statement = (
        select(subscription.c.topic_id, func.count())
        .join(chat, chat.c.id == subscription.c.chat_id)
        .where(chat.c.bot_id == bot_id, chat.c.state == ChatState.ACTIVE, subscription.c.mode != Mode.OFF)
        .group_by(subscription.c.topic_id)
    )
    return {row[0]: int(row[1]) for row in (await tx.execute(statement)).all()}


async def _choose(
    tx: Transaction, chat_id: int, topic_id: int, *, new: dict[str, Any], again: dict[str, Any]
) -> None:
    statement = upsert(tx, subscription).values(chat_id=chat_id, topic_id=topic_id, **new)
    key = ["topic_id", "chat_id"]
    await tx.execute(statement.on_conflict_do_update(index_elements=key, set_=again))
