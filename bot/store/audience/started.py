"""Who has started the bot and reads it still, and in which language each is spoken to."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from sqlalchemy import select

from bot.model.chat import ChatKind, ChatState
from bot.store.engine.database import Transaction
from bot.store.tables.audience import chat


async def before(tx: Transaction, bot_id: int, people: Iterable[int], at: datetime) -> dict[int, str]:
    """Return the languages of those of the people who had started the bot by then, by their Telegram ids."""
    of_them = (chat.c.bot_id == bot_id, chat.c.telegram_id.in_(sorted(people)))
    here = (chat.c.kind == ChatKind.PRIVATE, chat.c.state == ChatState.ACTIVE, chat.c.created_at <= at)
    rows = await tx.execute(select(chat.c.telegram_id, chat.c.language).where(*of_them, *here))
    return {row.telegram_id: row.language for row in rows}
