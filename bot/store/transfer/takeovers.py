"""A bot that is lost gives its chats, with all that they chose, and its newsroom's people to another bot."""

from __future__ import annotations

from datetime import datetime
from typing import NamedTuple

from sqlalchemy import Table, delete, exists, func, select, update

from bot.model.chat import ChatKind, ChatState
from bot.store.engine.database import Transaction
from bot.store.newsroom import audit
from bot.store.newsroom.tables import setup, staff
from bot.store.tables.audience import catch_up, chat
from bot.store.tables.desk import desk_group, shown_card
from bot.store.tables.highlights import highlights
from bot.store.tables.ledger import bulletin, delivery, message
from bot.store.tables.operations import bot

REASON = "taken-over"
"""Why a chat can't be written to: it has not begun with the new bot yet."""


class TakenOverChats(NamedTuple):
    """How many private chats, groups and channels wait for the new bot, and how many it knew already."""

    private: int
    places: int
    known: int


async def take_over(tx: Transaction, old: int, new: int, at: datetime) -> TakenOverChats:
    """Give the new bot the old one's chats and people.

    Telegram lets no bot write first: until a person presses Start, or an administrator adds the new bot, a chat waits
    with all that it chose. A chat that the new bot knows already stays as it is there. What the old bot sent, or was to
    send, is forgotten.
    """
    theirs = chat.alias("theirs")
    known = exists().where(theirs.c.bot_id == new, theirs.c.telegram_id == chat.c.telegram_id)
    both = select(func.count()).select_from(chat).where(chat.c.bot_id == old, known)
    count_known = (await tx.execute(both)).scalar_one()
    # What the old bot sent the new one can neither edit nor delete: a correction would wait for it for good.
    for table in (message, delivery):
        await tx.execute(delete(table).where(table.c.bot_id == old))
    # Those were counted; counted again, their figures would be lost.
    await tx.execute(update(bulletin).where(bulletin.c.count_at.is_not(None)).values(count_at=None))
    await tx.execute(delete(catch_up).where(catch_up.c.bot_id == old))
    reached = chat.c.state.in_((ChatState.ACTIVE, ChatState.BLOCKED))
    waits = {"state": ChatState.BLOCKED, "state_reason": REASON, "state_at": at}
    await tx.execute(
        update(chat)
        .where(chat.c.bot_id == old, reached, ~known)
        .values(waits | {"digest_due": None, "paused_until": None})
    )
    await tx.execute(update(chat).where(chat.c.bot_id == old, ~known).values(bot_id=new))
    await _give(tx, staff, old, new, of="user_id")
    await _give(tx, setup, old, new)
    for table in (highlights, bulletin):
        await tx.execute(update(table).where(table.c.bot_id == old).values(bot_id=new))
    # Messages of the old bot, which the new one can't edit.
    for table in (shown_card, desk_group):
        await tx.execute(delete(table).where(table.c.bot_id == old))
    await audit.add(tx, at, None, "takeover", detail=f"{old} -> {new}")
    waiting = select(chat.c.kind, func.count()).where(chat.c.bot_id == new, chat.c.state_reason == REASON)
    kinds: dict[ChatKind, int] = dict(tuple(row) for row in await tx.execute(waiting.group_by(chat.c.kind)))
    private = kinds.pop(ChatKind.PRIVATE, 0)
    return TakenOverChats(private, sum(kinds.values()), count_known)


async def usernames(tx: Transaction) -> dict[int, str]:
    """Return the bots that the database knows, by their Telegram ids, with their usernames."""
    rows = await tx.execute(select(bot.c.id, bot.c.username).order_by(bot.c.id))
    return dict(tuple(row) for row in rows)


async def _give(tx: Transaction, table: Table, old: int, new: int, *, of: str = "") -> None:
    """Give the new bot the rows that it has none of its own for; the others stay the old one's."""
    own = table.alias("own")
    same = own.c[of] == table.c[of] if of else own.c.bot_id == new
    have = exists().where(own.c.bot_id == new, same)
    await tx.execute(update(table).where(table.c.bot_id == old, ~have).values(bot_id=new))
