"""An editor's card: breaking news from the first word to the last delivery, kept across restarts."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import Row, insert, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.store.tables import card


class CardState(StrEnum):
    """Where a card stands: waiting for its text, shown as a preview, on its way, done, or dropped."""

    ASKED = "asked"
    OPEN = "open"
    SENT = "sent"
    DONE = "done"
    DROPPED = "dropped"


@dataclass(frozen=True, slots=True)
class Card:
    """A card in its author's private chat, with Telegram's ids of its two messages.

    `everybody` holds while no topic is chosen.
    """

    id: int
    bot_id: int
    telegram_chat_id: int
    user_id: int
    state: CardState
    created_at: datetime
    article_id: int | None = None
    everybody: bool = True
    topics: tuple[int, ...] = ()
    preview_id: int | None = None
    control_id: int | None = None
    bulletin_id: int | None = None
    sent_at: datetime | None = None
    refreshed_at: datetime | None = None


async def add(
    tx: AsyncConnection,
    bot_id: int,
    telegram_chat_id: int,
    user_id: int,
    at: datetime,
    *,
    state: CardState = CardState.ASKED,
    article_id: int | None = None,
    topics: tuple[int, ...] = (),
) -> Card:
    """Keep a new card and return it."""
    values = {
        "bot_id": bot_id,
        "telegram_chat_id": telegram_chat_id,
        "user_id": user_id,
        "state": state,
        "article_id": article_id,
        "topics": list(topics),
        "everybody": not topics,
        "created_at": at,
    }
    return _card((await tx.execute(insert(card).values(values).returning(card))).one())


async def get(tx: AsyncConnection, card_id: int, *, lock: bool = False) -> Card | None:
    """Return the card, or None. `lock` holds it for whoever is about to change it."""
    statement = select(card).where(card.c.id == card_id)
    row = (await tx.execute(statement.with_for_update() if lock else statement)).first()
    return _card(row) if row else None


async def asked(
    tx: AsyncConnection, bot_id: int, telegram_chat_id: int, user_id: int, since: datetime
) -> Card | None:
    """Return the card, no older than that, for which that person's next message in that chat is the text."""
    where = (
        card.c.bot_id == bot_id,
        card.c.telegram_chat_id == telegram_chat_id,
        card.c.user_id == user_id,
        card.c.state == CardState.ASKED,
        card.c.created_at >= since,
    )
    row = (await tx.execute(select(card).where(*where).order_by(card.c.id.desc()).limit(1))).first()
    return _card(row) if row else None


async def by_message(tx: AsyncConnection, bot_id: int, telegram_chat_id: int, message_id: int) -> Card | None:
    """Return the card whose preview or control message that is."""
    where = (
        card.c.bot_id == bot_id,
        card.c.telegram_chat_id == telegram_chat_id,
        (card.c.preview_id == message_id) | (card.c.control_id == message_id),
    )
    row = (await tx.execute(select(card).where(*where))).first()
    return _card(row) if row else None


async def change(tx: AsyncConnection, card_id: int, **values: Any) -> Card:
    """Keep new values of the card's columns and return it. Raises LookupError where there is none."""
    statement = update(card).where(card.c.id == card_id).values(values).returning(card)
    row = (await tx.execute(statement)).first()
    if row is None:
        raise LookupError(f"no card {card_id}")
    return _card(row)


async def take(
    tx: AsyncConnection, card_id: int, was: CardState, becomes: CardState, **values: Any
) -> Card | None:
    """Move the card from one state to the next, once: whoever comes second gets None."""
    where = (card.c.id == card_id, card.c.state == was)
    statement = update(card).where(*where).values(state=becomes, **values).returning(card)
    row = (await tx.execute(statement)).first()
    return _card(row) if row else None


async def on_the_way(tx: AsyncConnection, bot_id: int) -> list[Card]:
    """Return the cards whose push is not known to be done, oldest first."""
    where = (card.c.bot_id == bot_id, card.c.state == CardState.SENT)
    return [_card(row) for row in (await tx.execute(select(card).where(*where).order_by(card.c.id))).all()]


def _card(row: Row[Any]) -> Card:
    values = dict(row._mapping)
    return Card(**values | {"state": CardState(row.state), "topics": tuple(row.topics)})
