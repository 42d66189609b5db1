"""Whoever sets a group or channel up: which are theirs, and what they are told of them."""

from __future__ import annotations

from datetime import datetime, timedelta

from bot.model.chat import Chat, ChatState
from bot.model.places.notice import ChatNotice
from bot.store.audience import chats, own_data
from bot.store.audience.places import notices
from bot.store.engine.database import Database

AT_ONCE = 20
NEW = timedelta(minutes=1)


async def note(db: Database, chat: Chat, user_id: int | None) -> None:
    """Note who set something up in a group or channel last."""
    if chat.private or user_id is None or chat.chosen_by == user_id:
        return
    async with db.write() as tx:
        await chats.change(tx, chat.id, chosen_by=user_id)


async def channels_of(db: Database, bot_id: int, user_id: int, limit: int) -> list[Chat]:
    """Return the channels that a person brought the bot into, by title; also those where it may not post now."""
    async with db.read() as tx:
        return await chats.channels_of(tx, bot_id, user_id, limit, everywhere=True)


async def is_new(db: Database, chat: Chat, now: datetime) -> bool:
    """Return whether an active chat came, or came back, just now: then the bot has introduced itself there."""
    if chat.state is not ChatState.ACTIVE:
        return False
    async with db.read() as tx:
        _, since = await own_data.times(tx, chat.id)
    return now - since < NEW


async def untold(db: Database, bot_id: int) -> list[ChatNotice]:
    """Return some of what is still to be told, the oldest first."""
    async with db.read() as tx:
        return await notices.untold(tx, bot_id, AT_ONCE)


async def told(db: Database, notice: ChatNotice, at: datetime) -> None:
    """Note that a notice was told."""
    async with db.write() as tx:
        await notices.told(tx, notice.id, at)
