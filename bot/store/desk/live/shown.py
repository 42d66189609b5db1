"""Which message shows which story's card, and whether the story stands otherwise by now."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import case, delete, func, select, update

from bot.model.desk.shown_card import ShownCard
from bot.store.engine.database import Transaction
from bot.store.engine.upsert import upsert
from bot.store.newsroom.tables import article, audit
from bot.store.tables.desk import shown_card

_COLUMNS = tuple(shown_card.c[name] for name in ShownCard.__dataclass_fields__)


async def put(tx: Transaction, bot_id: int, card: ShownCard) -> ShownCard | None:
    """Keep a message as the story's card in its chat; return the one that was it before, None without any."""
    before = await get(tx, bot_id, card.chat_id, card.article_id)
    values = {name: getattr(card, name) for name in ShownCard.__dataclass_fields__}
    new = upsert(tx, shown_card).values(bot_id=bot_id, **values)
    key = ["bot_id", "chat_id", "article_id"]
    kept: dict[str, Any] = {name: new.excluded[name] for name in values if name not in key}
    # A message that is shown again where it stands is still wanted at the chat's end.
    stays = shown_card.c.message_id == new.excluded.message_id
    kept["sinks"] = case((stays, shown_card.c.sinks), else_=new.excluded.sinks)
    await tx.execute(new.on_conflict_do_update(index_elements=key, set_=kept))
    return before


async def get(tx: Transaction, bot_id: int, chat_id: int, article_id: int) -> ShownCard | None:
    """Return the story's card in a chat, or None."""
    row = (await tx.execute(select(*_COLUMNS).where(*_one(bot_id, chat_id, article_id)))).first()
    return ShownCard(**row._mapping) if row else None


async def of_message(tx: Transaction, bot_id: int, chat_id: int, message_id: int) -> ShownCard | None:
    """Return the card that a message is, or None."""
    of_it = (*_in(bot_id, chat_id), shown_card.c.message_id == message_id)
    row = (await tx.execute(select(*_COLUMNS).where(*of_it).limit(1))).first()
    return ShownCard(**row._mapping) if row else None


async def change(tx: Transaction, bot_id: int, card: ShownCard, **values: Any) -> bool:
    """Note something of a card; False where another message is the story's card by now, or none."""
    where = (*_one(bot_id, card.chat_id, card.article_id), shown_card.c.message_id == card.message_id)
    return (await tx.execute(update(shown_card).where(*where).values(values))).rowcount == 1


async def drop(tx: Transaction, bot_id: int, chat_id: int, message_ids: Sequence[int]) -> None:
    """Let messages be no cards any more: they show something else, or are gone."""
    await tx.execute(
        delete(shown_card).where(*_in(bot_id, chat_id), shown_card.c.message_id.in_(message_ids))
    )


async def drop_chat(tx: Transaction, bot_id: int, chat_id: int) -> None:
    """Let no message of a chat be a card any more."""
    await tx.execute(delete(shown_card).where(*_in(bot_id, chat_id)))


async def want(tx: Transaction, bot_id: int, card: ShownCard) -> None:
    """Have a card sent at a chat's end, in place of the one that the chat has of the story."""
    values = {name: getattr(card, name) for name in ShownCard.__dataclass_fields__} | {"sinks": True}
    new = upsert(tx, shown_card).values(bot_id=bot_id, **values)
    key = ["bot_id", "chat_id", "article_id"]
    again = {"sinks": True, "thread_id": card.thread_id}
    await tx.execute(new.on_conflict_do_update(index_elements=key, set_=again))


async def keep_newest(tx: Transaction, bot_id: int, chat_id: int, most: int) -> None:
    """Let all but so many of a chat's cards, the oldest first, be no cards any more; those that tell of a push stay."""
    newest = select(shown_card.c.article_id).where(*_in(bot_id, chat_id))
    newest = newest.order_by(shown_card.c.going.desc(), shown_card.c.sent_at.desc()).limit(most)
    kept = list((await tx.execute(newest)).scalars())
    if len(kept) == most:
        await tx.execute(
            delete(shown_card).where(*_in(bot_id, chat_id), shown_card.c.article_id.not_in(kept))
        )


async def forget(tx: Transaction, before: datetime) -> None:
    """Drop the cards that were sent before a time, unless something is still going out."""
    await tx.execute(delete(shown_card).where(shown_card.c.sent_at < before, ~shown_card.c.going))


async def due(tx: Transaction, bot_id: int, now: datetime) -> list[tuple[ShownCard, str]]:
    """Return the cards that may have to read otherwise, the longest unseen first, and how their stories stand now."""
    last = select(func.max(audit.c.id)).where(audit.c.article_id == shown_card.c.article_id).scalar_subquery()
    columns = (*_COLUMNS, article.c.status, article.c.revision, last.label("deed_id"))
    found = select(*columns).join(article, article.c.id == shown_card.c.article_id)
    found = found.where(shown_card.c.bot_id == bot_id, shown_card.c.next_at <= now)
    rows = (await tx.execute(found.order_by(shown_card.c.next_at))).all()
    cards = [(_card(row), f"{row.status}:{row.revision}:{row.deed_id or 0}") for row in rows]
    return [(card, state) for card, state in cards if card.going or card.sinks or card.state != state]


async def chats(tx: Transaction, bot_id: int) -> set[int]:
    """Return the chats that have cards."""
    found = select(shown_card.c.chat_id).where(shown_card.c.bot_id == bot_id).distinct()
    return set((await tx.execute(found)).scalars())


def _card(row: Any) -> ShownCard:
    return ShownCard(**{name: getattr(row, name) for name in ShownCard.__dataclass_fields__})


def _in(bot_id: int, chat_id: int) -> tuple[Any, ...]:
    return shown_card.c.bot_id == bot_id, shown_card.c.chat_id == chat_id


def _one(bot_id: int, chat_id: int, article_id: int) -> tuple[Any, ...]:
    return *_in(bot_id, chat_id), shown_card.c.article_id == article_id
