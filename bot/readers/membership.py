"""Coming and going: a chat joins, is shut out, comes back, moves, leaves for good."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncConnection

from bot.model.chat import Chat, ChatKind, ChatState
from bot.store import audit, chats
from bot.store.database import reads, writes, writes_durably


@writes
async def join(
    tx: AsyncConnection,
    bot_id: int,
    telegram_id: int,
    *,
    kind: ChatKind,
    title: str,
    language: str,
    zone: str,
    at: datetime,
    invited_by: int | None = None,
) -> tuple[Chat, bool]:
    """Return the chat, active from now on, and whether it is new or begins anew."""
    return await chats.join(tx, bot_id, telegram_id, kind, title, language, zone, at, invited_by=invited_by)


@reads
async def find(tx: AsyncConnection, bot_id: int, telegram_id: int) -> Chat | None:
    """Return the chat that Telegram knows by that id, or None."""
    return await chats.by_telegram(tx, bot_id, telegram_id)


@reads
async def channels_of(tx: AsyncConnection, bot_id: int, user_id: int, limit: int) -> list[Chat]:
    """Return the channels into which that person brought the bot, those it may write to."""
    return await chats.channels_of(tx, bot_id, user_id, limit)


@writes
async def shut_out(tx: AsyncConnection, bot_id: int, telegram_id: int, reason: str, at: datetime) -> None:
    """Note that the chat can't be written to any more."""
    if known := await chats.by_telegram(tx, bot_id, telegram_id):
        await chats.suspend(tx, known.id, ChatState.BLOCKED, reason, at)


@writes
async def come_back(tx: AsyncConnection, bot_id: int, telegram_id: int, at: datetime) -> None:
    """Note that the chat can be written to again."""
    if known := await chats.by_telegram(tx, bot_id, telegram_id):
        await chats.revive(tx, known.id, at)


@writes
async def move(
    tx: AsyncConnection, bot_id: int, telegram_id: int, new_telegram_id: int, at: datetime
) -> None:
    """Follow a group that became a supergroup; it can be written to under its new id."""
    if known := await chats.by_telegram(tx, bot_id, telegram_id):
        await chats.move(tx, known.id, new_telegram_id)
        await chats.revive(tx, known.id, at)


@writes_durably
async def leave(tx: AsyncConnection, chat_id: int, at: datetime) -> None:
    """Leave the chat alone and erase what is known of it."""
    await chats.erase(tx, chat_id, at)
    await audit.add(tx, at, None, "leave", detail=f"chat {chat_id}")
