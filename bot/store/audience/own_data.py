"""What is kept about one person or chat beside the choices: when it came, what it was sent, the desk's notes."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Table, delete, func, select, update

from bot.model.delivery import SubjectKind
from bot.store.engine.database import Transaction
from bot.store.newsroom.tables import card
from bot.store.tables.audience import chat
from bot.store.tables.desk import desk_mute, desk_notice, shown_card
from bot.store.tables.ledger import delivery, message
from bot.store.tables.places import chat_notice

MOST_BROUGHT = 500


@dataclass(frozen=True, slots=True)
class Counts:
    """How many stories, digests and messages a chat was sent, as far back as the ledger goes."""

    stories: int
    digests: int
    messages: int


NOTHING = Counts(0, 0, 0)


async def times(tx: Transaction, chat_id: int) -> tuple[datetime, datetime]:
    """Return when the chat came, and since when it stands as it does."""
    row = (await tx.execute(select(chat.c.created_at, chat.c.state_at).where(chat.c.id == chat_id))).one()
    return row.created_at, row.state_at


async def sent(tx: Transaction, chat_id: int) -> Counts:
    """Return how much the chat was sent."""
    got = (delivery.c.chat_id == chat_id, delivery.c.accepted_at.is_not(None))
    rows = await tx.execute(select(delivery.c.kind, func.count()).where(*got).group_by(delivery.c.kind))
    by_kind = {row[0]: int(row[1]) for row in rows}
    messages = await _count(tx, message, message.c.chat_id == chat_id)
    return Counts(by_kind.get(SubjectKind.ARTICLE, 0), by_kind.get(SubjectKind.DIGEST, 0), messages)


async def brought(tx: Transaction, bot_id: int, user_id: int) -> list[str]:
    """Return the titles of the groups and channels into which the person brought the bot."""
    of_theirs = (chat.c.bot_id == bot_id, chat.c.invited_by == user_id)
    statement = select(chat.c.title).where(*of_theirs).order_by(chat.c.title).limit(MOST_BROUGHT)
    return list((await tx.execute(statement)).scalars())


async def set_up(tx: Transaction, bot_id: int, user_id: int) -> list[str]:
    """Return the titles of the groups and channels in which the person set something up last."""
    of_theirs = (chat.c.bot_id == bot_id, chat.c.chosen_by == user_id)
    statement = select(chat.c.title).where(*of_theirs).order_by(chat.c.title).limit(MOST_BROUGHT)
    return list((await tx.execute(statement)).scalars())


async def chat_notices(tx: Transaction, bot_id: int, user_id: int) -> int:
    """Return how many notices of troubles in groups and channels are kept for the person."""
    return await _count(tx, chat_notice, chat_notice.c.bot_id == bot_id, chat_notice.c.user_id == user_id)


async def at_the_desk(tx: Transaction, bot_id: int, user_id: int) -> dict[str, int]:
    """Return how many notices the person has, refusals of notices, cards that are kept up to date, breaking drafts."""
    found = {table.name: await _count(tx, table, *of_them) for table, of_them in _notes(bot_id, user_id)}
    mine = (card.c.bot_id == bot_id, card.c.telegram_chat_id == user_id)
    return {**found, card.name: await _count(tx, card, *mine)}


async def forget(tx: Transaction, bot_id: int, user_id: int) -> None:
    """Forget what was noted of a person, and which chats the person brought the bot into or set up."""
    of_chats = (chat_notice, (chat_notice.c.bot_id == bot_id, chat_notice.c.user_id == user_id))
    for table, of_them in (*_notes(bot_id, user_id), of_chats):
        await tx.execute(delete(table).where(*of_them))
    for column in (chat.c.invited_by, chat.c.chosen_by):
        theirs = update(chat).where(chat.c.bot_id == bot_id, column == user_id)
        await tx.execute(theirs.values({column: None}))


def _notes(bot_id: int, user_id: int) -> tuple[tuple[Table, tuple[Any, Any]], ...]:
    return (
        (desk_notice, (desk_notice.c.bot_id == bot_id, desk_notice.c.user_id == user_id)),
        (desk_mute, (desk_mute.c.bot_id == bot_id, desk_mute.c.user_id == user_id)),
        (shown_card, (shown_card.c.bot_id == bot_id, shown_card.c.chat_id == user_id)),
    )


async def _count(tx: Transaction, table: Table, *where: Any) -> int:
    return int((await tx.execute(select(func.count()).select_from(table).where(*where))).scalar_one())
