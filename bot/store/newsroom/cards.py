"""Editors' cards, kept across restarts."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import Row, insert, select, update

from bot.model.audience import EVERYBODY, Audience, Everybody, Followers
from bot.model.desk.card import Card, CardState
from bot.store.engine.database import Transaction
from bot.store.newsroom.tables import card


async def add(
    tx: Transaction,
    bot_id: int,
    telegram_chat_id: int,
    user_id: int,
    *,
    at: datetime,
    state: CardState = CardState.ASKED,
) -> Card:
    """Keep a new card, for everybody, and return it."""
    values = {
        "bot_id": bot_id,
        "telegram_chat_id": telegram_chat_id,
        "user_id": user_id,
        "state": state,
        "created_at": at,
        **_columns(EVERYBODY),
    }
    return _card((await tx.execute(insert(card).values(values).returning(card))).one())


async def get(tx: Transaction, card_id: int, *, lock: bool = False) -> Card | None:
    """Return the card, or None. `lock` holds it for whoever is about to change it."""
    statement = select(card).where(card.c.id == card_id)
    row = (await tx.execute(statement.with_for_update() if lock else statement)).first()
    return _card(row) if row else None


async def newest(
    tx: Transaction,
    bot_id: int,
    telegram_chat_id: int,
    user_id: int,
    *,
    since: datetime,
    state: CardState = CardState.ASKED,
) -> Card | None:
    """Return that person's newest card in that chat that stands so and was begun since then, or None.

    Cards of the desk's own stories are left out: no words make or change those.
    """
    where = (
        ~card.c.of_story,
        card.c.bot_id == bot_id,
        card.c.telegram_chat_id == telegram_chat_id,
        card.c.user_id == user_id,
        card.c.state == state,
        card.c.created_at >= since,
    )
    row = (await tx.execute(select(card).where(*where).order_by(card.c.id.desc()).limit(1))).first()
    return _card(row) if row else None


async def by_message(tx: Transaction, bot_id: int, telegram_chat_id: int, message_id: int) -> Card | None:
    """Return the card whose preview or control message that is, or None; none of a story of the desk."""
    where = (
        ~card.c.of_story,
        card.c.bot_id == bot_id,
        card.c.telegram_chat_id == telegram_chat_id,
        (card.c.preview_id == message_id) | (card.c.control_id == message_id),
    )
    row = (await tx.execute(select(card).where(*where))).first()
    return _card(row) if row else None


async def by_article(tx: Transaction, bot_id: int, article_id: int) -> Card | None:
    """Return the newest card whose story that is, or None."""
    where = (card.c.bot_id == bot_id, card.c.article_id == article_id)
    row = (await tx.execute(select(card).where(*where).order_by(card.c.id.desc()).limit(1))).first()
    return _card(row) if row else None


async def address(tx: Transaction, card_id: int, audience: Audience) -> Card:
    """Keep who the card is for and return the card. Raises LookupError where there is none."""
    return await change(tx, card_id, **_columns(audience))


async def change(tx: Transaction, card_id: int, **values: Any) -> Card:
    """Keep new values of the card's columns and return the card. Raises LookupError where there is none."""
    statement = update(card).where(card.c.id == card_id).values(values).returning(card)
    row = (await tx.execute(statement)).first()
    if row is None:
        raise LookupError(f"no card {card_id}")
    return _card(row)


async def take(
    tx: Transaction, card_id: int, was: CardState, becomes: CardState, **values: Any
) -> Card | None:
    """Move the card from one state to the next and return the card; whoever comes second gets None."""
    where = (card.c.id == card_id, card.c.state == was)
    statement = update(card).where(*where).values(state=becomes, **values).returning(card)
    row = (await tx.execute(statement)).first()
    return _card(row) if row else None


async def open_since(tx: Transaction, bot_id: int, since: datetime) -> list[Card]:
    """Return the bot's cards that are shown as a preview and were begun since then, oldest first."""
    where = (card.c.bot_id == bot_id, card.c.state == CardState.OPEN, card.c.created_at >= since)
    return [_card(row) for row in (await tx.execute(select(card).where(*where).order_by(card.c.id))).all()]


async def open_of(tx: Transaction, bot_id: int, article_id: int) -> list[Card]:
    """Return the bot's cards of an article that are not sent, oldest first."""
    where = (card.c.bot_id == bot_id, card.c.state == CardState.OPEN, card.c.article_id == article_id)
    return [_card(row) for row in (await tx.execute(select(card).where(*where).order_by(card.c.id))).all()]


async def on_the_way(tx: Transaction, bot_id: int) -> list[Card]:
    """Return the bot's cards that are going out, oldest first."""
    where = (card.c.bot_id == bot_id, card.c.state == CardState.SENT)
    return [_card(row) for row in (await tx.execute(select(card).where(*where).order_by(card.c.id))).all()]


def _columns(audience: Audience) -> dict[str, Any]:
    match audience:
        case Everybody(languages):
            return {"everybody": True, "topics": [], "languages": languages}
        case Followers(topic_ids, languages):
            return {"everybody": False, "topics": list(topic_ids or ()), "languages": languages}


def _card(row: Row[Any]) -> Card:
    values = dict(row._mapping)
    everybody, topic_ids = values.pop("everybody"), tuple(values.pop("topics"))
    languages = values.pop("languages") or None
    audience = Everybody(languages) if everybody else Followers(topic_ids, languages)
    return Card(**values | {"state": CardState(row.state), "audience": audience})
