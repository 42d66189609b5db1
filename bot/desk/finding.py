"""Which story is meant: by its number, or by the id that its source gave it."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncConnection

from bot.model.article import Article
from bot.model.errors import Refusal
from bot.store import articles, leases
from bot.store.database import reads

MOST_DIGITS = 18


@reads
async def find(tx: AsyncConnection, words: str) -> Article:
    """Return the story of that number or source's id. Refused where there is none, or more than one."""
    if words.isdecimal() and len(words) <= MOST_DIGITS and (found := await articles.get(tx, int(words))):
        return found
    same = await articles.with_uid(tx, words)
    if len(same) > 1:
        raise Refusal("ambiguous", numbers=[each.id for each in same])
    if not same:
        raise Refusal("no-such-story", words=words)
    return same[0]


@reads
async def newest(tx: AsyncConnection, limit: int, words: str = "") -> list[Article]:
    """Return the newest stories in whatever state, newest first; those whose headline holds the words."""
    return await articles.newest(tx, limit, words)


@reads
async def bot_runs(tx: AsyncConnection, now: datetime) -> bool:
    """Return whether a process holds a bot's lease: what is decided goes out at once."""
    return await leases.any_held(tx, now)
