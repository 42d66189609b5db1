"""Stories that chats follow: who follows, and to which message what comes of a story replies.

A story stands here for all that follows it up, however many steps away: its thread.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime, timedelta
from typing import Any, NamedTuple

from sqlalchemy import Select, delete, func, literal, select, tuple_, update

from bot.model.places.thread import GENERAL
from bot.model.story.article import READABLE
from bot.store.engine.array_param import among
from bot.store.engine.database import Transaction
from bot.store.engine.upsert import upsert
from bot.store.newsroom.tables import article
from bot.store.tables.audience import chat
from bot.store.tables.watch import followed_story

FOLLOWED_FOR, KEPT_AFTER_THE_END = timedelta(days=30), timedelta(days=1)
"""How long after the last news of it a story is followed, and how long one that was taken back is kept."""

LONGEST_THREAD = 50
"""How many steps a story is followed back: more follow-ups of follow-ups than any editor links."""


class Followed(NamedTuple):
    """A story that a chat follows, since when, and when the chat was last told of it."""

    article_id: int
    since: datetime
    updated_at: datetime


class Spot(NamedTuple):
    """Where a chat follows a story: the message that shows it, as far as that is known here."""

    chat_id: int
    article_id: int
    message_id: int | None


async def thread_of(tx: Transaction, article_id: int) -> list[int]:
    """Return the story and those that it follows up, the nearest first: the last one is the first of all."""
    chain = [article_id]
    while len(chain) < LONGEST_THREAD:
        found = select(article.c.update_of).where(article.c.id == chain[-1])
        before = (await tx.execute(found)).scalar_one_or_none()
        if before is None or before in chain:
            break
        chain.append(before)
    return chain


async def follow(
    tx: Transaction,
    chat_id: int,
    article_id: int,
    at: datetime,
    *,
    message_id: int | None,
    thread_id: int | None = None,
) -> None:
    """Let the chat follow a story, or go on following it for as long again; the first message stays the first."""
    values = {"chat_id": chat_id, "article_id": article_id, "since": at, "updated_at": at}
    new = upsert(tx, followed_story).values(values | {"message_id": message_id, "thread_id": thread_id})
    first = func.coalesce(followed_story.c.message_id, new.excluded.message_id)
    await tx.execute(
        new.on_conflict_do_update(
            index_elements=["article_id", "chat_id"], set_={"updated_at": at, "message_id": first}
        )
    )


async def unfollow(tx: Transaction, chat_id: int, *article_ids: int) -> bool:
    """Let the chat follow the stories no more; False where it followed none of them."""
    mine = (followed_story.c.chat_id == chat_id, followed_story.c.article_id.in_(article_ids))
    return (await tx.execute(delete(followed_story).where(*mine))).rowcount > 0


async def follows(tx: Transaction, chat_id: int, article_ids: Collection[int]) -> bool:
    """Return whether the chat follows one of the stories."""
    mine = (followed_story.c.chat_id == chat_id, followed_story.c.article_id.in_(article_ids))
    return (await tx.execute(select(followed_story.c.chat_id).where(*mine).limit(1))).first() is not None


async def count(tx: Transaction, chat_id: int) -> int:
    """Return how many stories the chat follows."""
    found = select(func.count()).select_from(followed_story).where(followed_story.c.chat_id == chat_id)
    return int((await tx.execute(found)).scalar_one())


async def of_chat(tx: Transaction, chat_id: int) -> list[Followed]:
    """Return the stories that the chat follows and can read, those told of last first."""
    mine = select(followed_story.c.article_id, followed_story.c.since, followed_story.c.updated_at)
    mine = mine.join(article, article.c.id == followed_story.c.article_id)
    mine = mine.where(followed_story.c.chat_id == chat_id, article.c.status.in_(READABLE))
    rows = await tx.execute(mine.order_by(followed_story.c.updated_at.desc(), article.c.id.desc()))
    return [Followed(*row) for row in rows]


async def all_of(tx: Transaction, chat_id: int) -> list[Followed]:
    """Return all stories that the chat follows, those that nobody can read any more included."""
    mine = select(followed_story.c.article_id, followed_story.c.since, followed_story.c.updated_at)
    rows = await tx.execute(
        mine.where(followed_story.c.chat_id == chat_id).order_by(followed_story.c.article_id)
    )
    return [Followed(*row) for row in rows]


async def any_follower(tx: Transaction, article_ids: Collection[int]) -> bool:
    """Return whether any chat follows one of the stories."""
    found = select(followed_story.c.chat_id).where(followed_story.c.article_id.in_(article_ids)).limit(1)
    return (await tx.execute(found)).first() is not None


async def spots(tx: Transaction, thread: Sequence[int], chat_ids: Collection[int]) -> list[Spot]:
    """Return which of the chats follow a story of a thread, and where each shows it."""
    columns = (followed_story.c.chat_id, followed_story.c.article_id, followed_story.c.message_id)
    found = select(*columns).where(followed_story.c.article_id.in_(thread))
    found = found.where(among(followed_story.c.chat_id, "b_chats"))
    return [Spot(*row) for row in await tx.execute(found, {"b_chats": list(chat_ids)})]


def followers(thread: Sequence[int], *which: Any) -> Select[Any]:
    """Return a select of (bot, chat, thread) of the chats that follow a story of the thread.

    `which` narrows them down by columns of `followed_story`.
    """
    mine = (
        select(followed_story.c.chat_id, func.min(followed_story.c.thread_id).label("thread_id"))
        .where(followed_story.c.article_id.in_(thread), *which)
        .group_by(followed_story.c.chat_id)
        .subquery("mine")
    )
    place = func.nullif(func.coalesce(mine.c.thread_id, chat.c.thread_id), literal(GENERAL))
    return select(chat.c.bot_id, chat.c.id, place).join(mine, mine.c.chat_id == chat.c.id)


async def told(tx: Transaction, thread: Sequence[int], at: datetime, *which: Any) -> None:
    """Note that followers are told of the story: it goes on for as long again. `which` is as in `followers`."""
    mine = update(followed_story).where(followed_story.c.article_id.in_(thread), *which)
    await tx.execute(mine.values(updated_at=at))


async def drop_ended(tx: Transaction, now: datetime, limit: int) -> int:
    """Drop some stories that are followed no more, because nothing came of them for so long; return how many."""
    key = (followed_story.c.article_id, followed_story.c.chat_id)
    some = select(*key).where(followed_story.c.updated_at < now - FOLLOWED_FOR).limit(limit)
    return (await tx.execute(delete(followed_story).where(tuple_(*key).in_(some)))).rowcount
