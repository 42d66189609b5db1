"""The line under a channel's posts: what may stand there, and who has which."""

from __future__ import annotations

from datetime import datetime

from bot.model.chat import Chat, ChatKind
from bot.model.errors import Refusal
from bot.store.audience import chats, choices
from bot.store.audience.places import footers
from bot.store.engine.database import Database

MOST_CHARACTERS, MOST_LINKS = 120, 5
"""How long the line may be as it is read, and how many links it may have."""


async def words_of(db: Database, chat: Chat) -> str:
    """Return the line under a channel's posts (classic HTML); empty where there is none."""
    async with db.read() as tx:
        return await footers.words_of(tx, chat.footer_id)


async def choose(db: Database, chat_id: int, words: str, at: datetime) -> Chat:
    """Keep the line under a channel's posts, in classic HTML with links alone; without words there is none."""
    async with db.write() as tx:
        known = await chats.expect(tx, chat_id)
        if known.kind is not ChatKind.CHANNEL:
            raise Refusal("stale")
        number = await footers.put(tx, words) if words else None
        return await choices.change(tx, chat_id, at, footer_id=number)
