"""The messages that are kept up to date as stories' cards."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from bot.model.desk.shown_card import ShownCard
from bot.store.desk.live import shown
from bot.store.engine.database import Database

MOST_IN_CHAT = 20
"""How many stories' cards are kept up to date in one chat: the newest."""


async def put(db: Database, bot_id: int, card: ShownCard) -> ShownCard | None:
    """Keep a message up to date as the story's card in its chat from now on; return the one that was it before."""
    async with db.write() as tx:
        before = await shown.put(tx, bot_id, card)
        if before is None:
            await shown.keep_newest(tx, bot_id, card.chat_id, MOST_IN_CHAT)
        return before


async def drop(db: Database, bot_id: int, chat_id: int, message_id: int) -> None:
    """Keep a message up to date no more: it shows something else, or is gone."""
    async with db.write() as tx:
        await shown.drop(tx, bot_id, chat_id, [message_id])


async def find(db: Database, bot_id: int, chat_id: int, article_id: int) -> ShownCard | None:
    """Return the story's card in a chat, or None."""
    async with db.read() as tx:
        return await shown.get(tx, bot_id, chat_id, article_id)


async def of_message(db: Database, bot_id: int, chat_id: int, message_id: int) -> ShownCard | None:
    """Return the card that a message is, or None."""
    async with db.read() as tx:
        return await shown.of_message(tx, bot_id, chat_id, message_id)


async def due(db: Database, bot_id: int, now: datetime) -> list[tuple[ShownCard, str]]:
    """Return the cards that may have to read otherwise now, each with how its story stands."""
    async with db.read() as tx:
        return await shown.due(tx, bot_id, now)


async def note(db: Database, bot_id: int, card: ShownCard, **values: Any) -> bool:
    """Note something of a card; False where another message is the story's card by now."""
    async with db.write() as tx:
        return await shown.change(tx, bot_id, card, **values)


async def chats(db: Database, bot_id: int) -> set[int]:
    """Return the chats that have cards."""
    async with db.read() as tx:
        return await shown.chats(tx, bot_id)
