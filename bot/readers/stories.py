"""What a chat can read: one story, in which languages."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from bot.model.chat import ChatState
from bot.model.errors import Refusal
from bot.model.languages import ANY, Codes
from bot.model.newsroom.coverage import EVERYTHING, Coverage
from bot.model.story.article import READABLE, Article, Status
from bot.model.story.topic import Topics
from bot.store.audience import chats, languages
from bot.store.desk import story_counts
from bot.store.engine.database import Database, Transaction
from bot.store.newsroom import articles, topics


@dataclass(frozen=True, slots=True)
class Reading:
    """A story, the newsroom's topics, and other stories that belong beside it."""

    article: Article
    topics: Topics
    related: Sequence[Article] = ()


async def read(
    db: Database,
    article_id: int,
    *,
    related: int = 0,
    draft: bool = False,
    coverage: Coverage = EVERYTHING,
) -> Reading:
    """Return a story with at most so many related ones, of the topics of that coverage.

    Refused where it can't be read; `draft` allows drafts.
    """
    async with db.read() as tx:
        found = await expect(tx, article_id, draft=draft)
        known = await topics.load(tx)
        offered = coverage.offered(known).by_id
        return Reading(found, known, await articles.related(tx, found, related, offered) if related else ())


async def expect(tx: Transaction, article_id: int, *, draft: bool = False) -> Article:
    """Return a story as it stands. Refused where it can't be read; `draft` allows drafts."""
    found = await articles.get(tx, article_id)
    if found is None or found.status not in (*READABLE, *((Status.DRAFT,) if draft else ())):
        raise Refusal("not-found")
    if found.status is Status.PUBLISHED and await articles.held_back(tx, article_id):
        raise Refusal("not-found")
    return found


async def published_at(db: Database, article_id: int) -> datetime | None:
    """Return when a story was published, also one that nobody can read any more; None where it never was."""
    async with db.read() as tx:
        found = await articles.get(tx, article_id)
        return found.published_at if found else None


async def opened(db: Database, article_id: int) -> None:
    """Count that a story was opened in full: how often, never by whom."""
    async with db.write() as tx:
        await story_counts.add(tx, article_id, story_counts.READ)


async def read_in(tx: Transaction, chat_id: int | None, language: str) -> Codes:
    """Return the languages of the stories that a chat is shown."""
    reader = await chats.get(tx, chat_id) if chat_id is not None else None
    if reader is not None and reader.state is not ChatState.STOPPED:
        return reader.news_languages
    return await languages.usual(tx, language) if language else ANY
