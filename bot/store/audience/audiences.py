"""How many chats a bot has by kind, and how many would get a topic's stories: counted now and then, and kept."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import and_, delete, func, insert, literal, select

from bot.model.chat import ChatState
from bot.model.following.mode import WIRE, Mode
from bot.store.engine.database import Transaction
from bot.store.tables.audience import chat, subscription
from bot.store.tables.figures import audience_count


async def by_kind(tx: Transaction, bot_id: int) -> dict[str, int]:
    """Return how many active chats there are of each kind."""
    active = (chat.c.bot_id == bot_id, chat.c.state == ChatState.ACTIVE)
    rows = await tx.execute(select(chat.c.kind, func.count()).where(*active).group_by(chat.c.kind))
    return {row[0].value: int(row[1]) for row in rows}


async def of_topic(tx: Transaction, bot_id: int, chain: Sequence[int]) -> int:
    """Return how many active chats follow a topic in any mode: themselves, by a section above it, or by the whole wire.

    `chain` is the topic and those above it, nearest first; a chat's nearest choice on it decides.
    """
    total = 0
    for step, topic_id in enumerate((*chain, WIRE)):
        chosen: Any = select(func.count()).select_from(subscription)
        chosen = chosen.join(chat, chat.c.id == subscription.c.chat_id)
        nearer_ones: list[Any] = []
        # By its primary key, each: an index on the chat would meet all that the chat follows.
        for nearer_id in chain[:step]:
            nearer = subscription.alias()
            same = and_(nearer.c.topic_id == literal(nearer_id), nearer.c.chat_id == subscription.c.chat_id)
            chosen = chosen.outerjoin(nearer, same)
            nearer_ones.append(nearer.c.chat_id.is_(None))
        follows = (subscription.c.topic_id == topic_id, subscription.c.mode != Mode.OFF, *nearer_ones)
        active = (chat.c.bot_id == bot_id, chat.c.state == ChatState.ACTIVE)
        total += int((await tx.execute(chosen.where(*follows, *active))).scalar_one())
    return total


async def keep(tx: Transaction, bot_id: int, counts: Mapping[str, int]) -> None:
    """Keep the counts, by name, in place of those before."""
    await tx.execute(delete(audience_count).where(audience_count.c.bot_id == bot_id))
    rows = [{"bot_id": bot_id, "name": name, "chats": chats} for name, chats in counts.items()]
    if rows:
        await tx.execute(insert(audience_count), rows)


async def kept(tx: Transaction, bot_id: int) -> dict[str, int]:
    """Return the counts that were kept last, by name; none before the first."""
    rows = await tx.execute(select(audience_count).where(audience_count.c.bot_id == bot_id))
    return {row.name: row.chats for row in rows}
