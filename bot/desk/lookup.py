"""Look a story up: by its number, by the id that its source gave it, or by words of its headline."""

from __future__ import annotations

from datetime import datetime

from bot.model.errors import Refusal
from bot.model.story.article import Article
from bot.publishing.story import hold
from bot.stemming import beginnings
from bot.store.desk import search
from bot.store.desk.search import Found
from bot.store.engine.database import Database
from bot.store.newsroom import articles
from bot.store.operations import leases

MOST_DIGITS = 18


async def find(db: Database, words: str) -> Article:
    """Return the story with that number, else with that source's id. Refused where none has, or several have."""
    async with db.read() as tx:
        if words.isdecimal() and len(words) <= MOST_DIGITS and (found := await articles.get(tx, int(words))):
            return found
        same = await articles.with_uid(tx, words)
        if len(same) > 1:
            raise Refusal("ambiguous", numbers=[each.id for each in same])
        if not same:
            raise Refusal("no-such-story", words=words)
        return same[0]


async def get(db: Database, article_id: int) -> Article:
    """Return the story with that number. Refused as `not-found` where there is none."""
    async with db.read() as tx:
        return await hold(tx, article_id, lock=False)


async def newest(db: Database, limit: int, words: str = "", *, at: datetime, offset: int = 0) -> Found:
    """Return the newest stories in whatever state; those whose headline has the words, in whatever form."""
    if words and not (wanted := beginnings(words)):
        return Found([])
    async with db.read() as tx:
        return await search.newest(tx, wanted if words else (), at, limit=limit, offset=offset)


async def bot_runs(db: Database, now: datetime) -> bool:
    """Return whether a process holds a bot's lease: what is decided goes out at once."""
    async with db.read() as tx:
        return await leases.any_held(tx, now)
