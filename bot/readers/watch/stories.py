"""Stories that a chat follows: what comes of them replies to the first message, whatever topics the chat follows."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from bot.model.errors import Refusal
from bot.model.story.article import NOTICES, READABLE, Article
from bot.model.story.topic import Topics
from bot.readers.stories import expect
from bot.store.audience import chats
from bot.store.engine.database import Database
from bot.store.newsroom import articles, topics
from bot.store.watch import stories

MOST = 50
"""How many stories a chat may follow at once."""

DAYS = stories.FOLLOWED_FOR.days
"""After how many days without news of it a story is followed no more."""


@dataclass(frozen=True, slots=True)
class FollowedStories:
    """The stories that a chat follows, those with the latest news first, and the newsroom's topics."""

    articles: Sequence[Article]
    topics: Topics


async def follow(
    db: Database,
    chat_id: int,
    article_id: int,
    at: datetime,
    *,
    message_id: int | None,
    thread_id: int | None = None,
) -> Article:
    """Follow the first story of those that this one goes on with, also where the chat does so already; return it.

    `message_id` is the message that shows the story in the chat. Refused where nobody can read the story, and as
    `followed-full`.
    """
    async with db.write() as tx:
        await chats.hold(tx, chat_id)
        await expect(tx, article_id)
        thread = await articles.many(tx, await stories.thread_of(tx, article_id))
        there = [each for each in thread if each.status in READABLE and each.source not in NOTICES]
        if not there:
            raise Refusal("not-found")
        await stories.follow(tx, chat_id, there[-1].id, at, message_id=message_id, thread_id=thread_id)
        if await stories.count(tx, chat_id) > MOST:
            raise Refusal("followed-full", most=MOST)
        return there[-1]


async def unfollow(db: Database, chat_id: int, article_id: int) -> None:
    """Follow a story, and those that it goes on with, no more; also where the chat did not."""
    async with db.write() as tx:
        await stories.unfollow(tx, chat_id, *await stories.thread_of(tx, article_id))


async def follows(db: Database, chat_id: int, article_id: int) -> bool:
    """Return whether the chat follows the story, or one that it goes on with."""
    async with db.read() as tx:
        return await stories.follows(tx, chat_id, await stories.thread_of(tx, article_id))


async def of_chat(db: Database, chat_id: int) -> FollowedStories:
    """Return what the chat follows and can read."""
    async with db.read() as tx:
        ids = [each.article_id for each in await stories.of_chat(tx, chat_id)]
        return FollowedStories(await articles.many(tx, ids), await topics.load(tx))
