"""What a person saved to read again: put in, taken out, listed newest first."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from bot.model.errors import Refusal
from bot.model.story.article import Article
from bot.model.story.topic import Topics
from bot.readers import stories
from bot.readers.walk import Stop
from bot.store.audience import chats, saved
from bot.store.desk import story_counts
from bot.store.engine.database import Database
from bot.store.newsroom import articles, topics

MOST, PER_PAGE = 500, 10
"""How many stories a chat can save, and how many a page of them shows."""


@dataclass(frozen=True, slots=True)
class SavedPage:
    """One page, numbered from 0, of the saved stories that can be read, saved last first; `total` counts all."""

    articles: Sequence[Article]
    topics: Topics
    page: int
    total: int


async def save(db: Database, chat_id: int, article_id: int, at: datetime) -> None:
    """Save a story, also one that is saved already. Refused where it can't be read, or no more can be saved.

    Nothing makes room by itself: what somebody saved goes when they take it out.
    """
    async with db.write() as tx:
        await chats.hold(tx, chat_id)
        await stories.expect(tx, article_id)
        if await saved.holds(tx, chat_id, article_id):
            return
        if await saved.count(tx, chat_id) >= MOST:
            await saved.drop_taken_back(tx, chat_id)
            if await saved.count(tx, chat_id) >= MOST:
                raise Refusal("saved-full", most=MOST)
        await saved.add(tx, chat_id, article_id, at)


async def take_out(db: Database, chat_id: int, article_id: int) -> None:
    """Take a story out, also one that was not saved."""
    async with db.write() as tx:
        await saved.remove(tx, chat_id, article_id)


async def holds(db: Database, chat_id: int, article_id: int) -> bool:
    """Return whether the chat saved the story."""
    async with db.read() as tx:
        return await saved.holds(tx, chat_id, article_id)


async def page_of(db: Database, chat_id: int, page: int) -> SavedPage:
    """Return a page of what the chat saved; a page out of range is the nearest that exists."""
    async with db.read() as tx:
        ids = [each for each, _ in await saved.readable(tx, chat_id)]
        page = max(0, min(page, (len(ids) - 1) // PER_PAGE))
        found = await articles.many(tx, ids[page * PER_PAGE : (page + 1) * PER_PAGE])
        return SavedPage(found, await topics.load(tx), page, len(ids))


async def stops(db: Database, chat_id: int) -> list[Stop]:
    """Return all that the chat saved and can read, in the order of its pages."""
    async with db.read() as tx:
        return [Stop(*each) for each in await saved.readable(tx, chat_id)]


async def shown_by(db: Database, bot_id: int, telegram_id: int, message_id: int) -> int | None:
    """Return the id of the story that a message sent to a chat shows; None where it shows none."""
    async with db.read() as tx:
        shown = await story_counts.shown_by(tx, bot_id, telegram_id, message_id)
        return shown.article_id if shown else None
