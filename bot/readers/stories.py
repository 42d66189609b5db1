"""What a chat can read: one story, the latest stories."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from bot.model.chat import ChatState
from bot.model.errors import Refusal
from bot.model.following.following import Following
from bot.model.following.mode import WIRE, Mode
from bot.model.languages import ANY, Codes
from bot.model.story.article import READABLE, Article, Status
from bot.model.story.topic import Topic, Topics
from bot.readers.topics import meant
from bot.store.audience import chats, languages, subscriptions
from bot.store.desk import story_counts
from bot.store.engine.database import Database, Transaction
from bot.store.following import mutes
from bot.store.newsroom import articles, topics

USUAL, MOST = 5, 10
"""How many stories a list has, where nobody says how many, and at most."""


@dataclass(frozen=True, slots=True)
class Reading:
    """A story, the newsroom's topics, and the newest other stories of the story's topics."""

    article: Article
    topics: Topics
    related: Sequence[Article] = ()


@dataclass(frozen=True, slots=True)
class Listing:
    """The latest stories, newest first, and the newsroom's topics.

    `topic` is the topic that was asked for, if any; `limit` is how many stories were asked for. `unknown` are
    the words that mean no topic: there are no stories then.
    """

    articles: Sequence[Article]
    topics: Topics
    topic: Topic | None
    limit: int
    unknown: str = ""


async def read(db: Database, article_id: int, *, related: int = 0, draft: bool = False) -> Reading:
    """Return a story with at most so many related ones. Refused where it can't be read; `draft` allows drafts."""
    async with db.read() as tx:
        found = await expect(tx, article_id, draft=draft)
        known = await topics.load(tx)
        return Reading(found, known, await articles.related(tx, found, related) if related else ())


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


async def latest(
    db: Database,
    chat_id: int | None,
    topic_id: int | None,
    limit: int,
    *,
    language: str = "",
    now: datetime | None = None,
) -> Listing:
    """Return the latest in the chat's news languages, of a topic; without a topic, of what it follows; else of all.

    `language` is that of whoever asks in a chat that has not chosen: one that is unknown, or has said /stop. `now`
    leaves out the topics that the chat has muted at that time.
    """
    async with db.read() as tx:
        known = await topics.load(tx)
        return await _listing(tx, chat_id, known, topic_id=topic_id, limit=limit, language=language, now=now)


async def requested(
    db: Database, chat_id: int | None, words: str, *, language: str = "", now: datetime | None = None
) -> Listing:
    """Return the latest as a person asks for them: a topic and a number, in any order, or neither.

    `language` and `now` are as in `latest`.
    """
    async with db.read() as tx:
        known = await topics.load(tx)
        name, limit = _split(words, known)
        topic = meant(known, name) if name else None
        if name and topic is None:
            return Listing((), known, None, limit, unknown=name)
        topic_id = topic.id if topic else None
        return await _listing(tx, chat_id, known, topic_id=topic_id, limit=limit, language=language, now=now)


async def _listing(
    tx: Transaction,
    chat_id: int | None,
    known: Topics,
    *,
    topic_id: int | None,
    limit: int,
    language: str,
    now: datetime | None,
) -> Listing:
    wanted = known.below(topic_id) if topic_id is not None else None
    if wanted is None and chat_id is not None:
        wanted = await _wanted(tx, chat_id, known, now)
    chosen_languages = await read_in(tx, chat_id, language)
    found = await articles.latest(tx, topic_ids=wanted, limit=limit, languages=chosen_languages)
    return Listing(found, known, known.by_id.get(topic_id) if topic_id is not None else None, limit)


async def _wanted(tx: Transaction, chat_id: int, known: Topics, now: datetime | None) -> list[int] | None:
    """Return the topics that the chat follows at once or in the digest, and has not muted; None: whatever the topic."""
    chosen = {at: one.mode for at, one in (await subscriptions.of_chat(tx, chat_id)).items()}
    muted = await mutes.of_chat(tx, chat_id, now) if now is not None else []
    found = Following(known, chosen, tuple(muted))
    wanted = found.wanted()
    every = len(wanted) == len(known.all) and found.mode(WIRE) >= Mode.DIGEST
    return None if every else wanted or None


async def read_in(tx: Transaction, chat_id: int | None, language: str) -> Codes:
    """Return the languages of the stories that a chat is shown."""
    reader = await chats.get(tx, chat_id) if chat_id is not None else None
    if reader is not None and reader.state is not ChatState.STOPPED:
        return reader.news_languages
    return await languages.usual(tx, language) if language else ANY


def _split(words: str, known: Topics) -> tuple[str, int]:
    """Return the topic's words and how many stories are wanted; a topic's name may be a number."""
    parts = words.split()
    number = next((part for part in reversed(parts) if part.isdecimal()), None)
    if number is None or known.find(words):
        return " ".join(parts), USUAL
    parts.remove(number)
    return " ".join(parts), max(1, min(MOST, int(number[:4])))
