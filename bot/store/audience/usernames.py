"""People's @names, as the bot saw them last. Telegram alone knows whose an @name is now: ask before trusting one."""

from __future__ import annotations

from sqlalchemy import select, update

from bot.store.engine.database import Transaction
from bot.store.tables.audience import chat


async def note(tx: Transaction, chat_id: int, username: str | None) -> None:
    """Keep the @name of a private chat's person; None where there is none now."""
    named = username.lower() if username else None
    await tx.execute(update(chat).where(chat.c.id == chat_id).values(username=named))


async def seen(tx: Transaction, bot_id: int, username: str) -> list[int]:
    """Return the Telegram ids of those who were seen with that @name, in any case, the newest chat first."""
    where = (chat.c.bot_id == bot_id, chat.c.username == username.lower())
    statement = select(chat.c.telegram_id).where(*where).order_by(chat.c.id.desc()).limit(5)
    return list((await tx.execute(statement)).scalars())
