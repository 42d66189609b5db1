"""What each bot of the installation carries of the newsroom's stories, as it is kept."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from sqlalchemy import select

from bot.model.newsroom.coverage import EVERYTHING, Coverage
from bot.store.engine.database import Transaction
from bot.store.tables.audience import chat
from bot.store.tables.operations import bot

_EVERY = select(bot.c.id, bot.c.served, bot.c.topics, bot.c.languages)


async def of_all(tx: Transaction) -> dict[int, Coverage]:
    """Return what each bot carries as which the installation speaks, by the bots' Telegram ids."""
    return _served((await tx.execute(_EVERY)).all())


async def where_restricted(tx: Transaction) -> dict[int, Coverage] | None:
    """Return what `of_all` does; None where every chat's bot carries everything."""
    rows = (await tx.execute(_EVERY)).all()
    if all(row.served and not (row.topics or row.languages) for row in rows):
        return None
    return _served(rows)


async def of_chat(tx: Transaction, chat_id: int) -> Coverage:
    """Return what the bot of that chat carries."""
    asked = select(bot.c.topics, bot.c.languages).join(chat, chat.c.bot_id == bot.c.id)
    row = (await tx.execute(asked.where(chat.c.id == chat_id))).first()
    return _coverage(*row) if row is not None else EVERYTHING


async def of_bot(tx: Transaction, bot_id: int) -> Coverage:
    """Return what the bot carries."""
    row = (await tx.execute(select(bot.c.topics, bot.c.languages).where(bot.c.id == bot_id))).first()
    return _coverage(*row) if row is not None else EVERYTHING


def _served(rows: Iterable[Any]) -> dict[int, Coverage]:
    return {row.id: _coverage(row.topics, row.languages) for row in rows if row.served}


def _coverage(topics: list[str] | None, languages: tuple[str, ...] | None) -> Coverage:
    return Coverage(tuple(topics or ()), languages or ()) if topics or languages else EVERYTHING
