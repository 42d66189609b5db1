"""Coming and going: a chat joins, is shut out, comes back, moves, leaves for good."""

from __future__ import annotations

from datetime import datetime

from bot.model.chat import Chat, ChatKind, ChatState
from bot.store.audience import chats, languages, usernames
from bot.store.engine.database import Database
from bot.store.following import coverages
from bot.store.newsroom import audit


async def join(
    db: Database,
    bot_id: int,
    telegram_id: int,
    *,
    kind: ChatKind,
    title: str,
    language: str,
    zone: str,
    at: datetime,
    invited_by: int | None = None,
    username: str | None = None,
) -> tuple[Chat, bool]:
    """Return the chat, active from now on, and whether it is new or begins anew. `username` is a person's @name.

    A new chat gets news in its own language where the newsroom tells news in it, else in every language.
    """
    async with db.write() as tx:
        joined = await chats.join(
            tx,
            bot_id,
            telegram_id,
            kind,
            title=title,
            language=language,
            zone=zone,
            at=at,
            invited_by=invited_by,
            news_languages=(await coverages.of_bot(tx, bot_id)).read(await languages.usual(tx, language)),
        )
        if username is not None:
            await usernames.note(tx, joined[0].id, username)
        return joined


async def find(db: Database, bot_id: int, telegram_id: int) -> Chat | None:
    """Return the chat that Telegram knows by that id, or None."""
    async with db.read() as tx:
        return await chats.by_telegram(tx, bot_id, telegram_id)


async def note_username(db: Database, chat_id: int, username: str | None) -> None:
    """Remember a person's @name, by which an owner may name them."""
    async with db.write() as tx:
        await usernames.note(tx, chat_id, username)


async def seen_as(db: Database, bot_id: int, username: str) -> list[int]:
    """Return the Telegram ids of those who were seen with that @name; it may be somebody else's by now."""
    async with db.read() as tx:
        return await usernames.seen(tx, bot_id, username)


async def channels_of(db: Database, bot_id: int, user_id: int, limit: int) -> list[Chat]:
    """Return the channels into which that person brought the bot, those it may write to."""
    async with db.read() as tx:
        return await chats.channels_of(tx, bot_id, user_id, limit)


async def shut_out(
    db: Database, bot_id: int, telegram_id: int, *, reason: str, at: datetime, by: int | None = None
) -> None:
    """Note that the chat can't be written to any more; `by` is who did that."""
    async with db.write() as tx:
        if known := await chats.by_telegram(tx, bot_id, telegram_id):
            await chats.suspend(tx, known.id, ChatState.BLOCKED, reason=reason, at=at, by=by)


async def come_back(db: Database, bot_id: int, telegram_id: int, at: datetime) -> None:
    """Note that the chat can be written to again."""
    async with db.write() as tx:
        if known := await chats.by_telegram(tx, bot_id, telegram_id):
            await chats.revive(tx, known.id, at)


async def move(db: Database, bot_id: int, telegram_id: int, new_telegram_id: int, *, at: datetime) -> None:
    """Follow a group that became a supergroup; it can be written to under its new id."""
    async with db.write() as tx:
        if known := await chats.by_telegram(tx, bot_id, telegram_id):
            await chats.move(tx, known.id, new_telegram_id, at)
            await chats.revive(tx, known.id, at)


async def leave(db: Database, chat_id: int, at: datetime) -> None:
    """Leave the chat alone and erase what is known of it; the record says that somebody left, not who."""
    async with db.write(durable=True) as tx:
        await chats.erase(tx, chat_id, at)
        await audit.add(tx, at, None, "leave")
