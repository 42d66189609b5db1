"""Which story a message is of, that an editor forwards or answers: by the ledger, by its links, by its headline."""

from __future__ import annotations

import re
from collections.abc import Collection

from bot.store.desk import threads
from bot.store.engine.database import Database
from bot.store.ledger import reach
from bot.store.newsroom import articles

LOOKED_THROUGH, SHORTEST = 2000, 12
"""Among how many of the newest headlines one is looked for in a message, and of how many characters at least."""

_DASHES, _QUOTES = re.compile("[‐‑‒–—−-]"), re.compile("[«»„“”‘’'\"]")


async def by_message(db: Database, bot_id: int, telegram_id: int, message_id: int) -> list[int]:
    """Return the stories that a message in a chat shows, as the ledger knows: one, or those of a digest."""
    async with db.read() as tx:
        return await reach.story_of(tx, bot_id, telegram_id, message_id)


async def existing(db: Database, ids: Collection[int]) -> list[int]:
    """Return those of the numbers that are stories', in order and each once: a link may name anything."""
    asked = list(dict.fromkeys(ids))
    async with db.read() as tx:
        return [each.id for each in await articles.many(tx, asked)] if asked else []


async def by_words(db: Database, words: str) -> list[int]:
    """Return the newest story whose whole headline stands in the words; the longest headline decides. None: nothing."""
    said = _plain(words)
    if len(said) < SHORTEST:
        return []
    async with db.read() as tx:
        known = await threads.headlines(tx, LOOKED_THROUGH)
    sought = [(_plain(each.headline), each.id) for each in known]
    found = [
        (len(headline), number)
        for headline, number in sought
        if len(headline) >= SHORTEST and headline in said
    ]
    return [max(found)[1]] if found else []


def _plain(text: str) -> str:
    """Return the words without what a typographer changes: kinds of spaces, dashes and quotation marks, capitals."""
    return " ".join(_QUOTES.sub('"', _DASHES.sub("-", text)).casefold().split())
