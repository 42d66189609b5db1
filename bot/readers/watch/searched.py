"""The words of a search as words to watch for: its topics, dates and languages are left out."""

from __future__ import annotations

from datetime import datetime
from zoneinfo import ZoneInfo

from bot.model.hours import zone_named
from bot.readers.search.asked import asked
from bot.readers.search.synonyms import grouped
from bot.store.engine.database import Database
from bot.store.newsroom import topics
from bot.store.newsroom.search import synonyms


async def words_searched(db: Database, text: str, now: datetime, zone: str) -> str:
    """Return the words and phrases of a search, and those without which stories were looked for."""
    async with db.read() as tx:
        known, groups = await topics.load(tx), grouped(await synonyms.load(tx))
    found = asked(text, known, groups, now.astimezone(zone_named(zone) or ZoneInfo("UTC")).date())
    return " ".join([*(each.said for each in found.things), *(f"-{each.said}" for each in found.unwanted)])
