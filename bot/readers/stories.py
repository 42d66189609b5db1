"""What a chat can read: one story, the latest, the digest now."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy.ext.asyncio import AsyncConnection

from bot.model.article import READABLE, Article
from bot.model.chat import Chat, follows
from bot.model.errors import Refusal
from bot.model.topic import Topics
from bot.store import articles, chats, digests, topics
from bot.store.database import reads

DIGEST_PERIOD = timedelta(days=1)


@reads
async def story(tx: AsyncConnection, article_id: int) -> tuple[Article, Topics]:
    """Return a story and the topics. Refused where it can't be read (any more)."""
    found = await articles.get(tx, article_id)
    if found is None or found.status not in READABLE:
        raise Refusal("not-found")
    return found, await topics.load(tx)


@reads
async def latest(
    tx: AsyncConnection, chat_id: int | None, topic_id: int | None, limit: int
) -> tuple[list[Article], Topics]:
    """Return the latest of a topic; without one, of what the chat follows, else of everything."""
    known = await topics.load(tx)
    wanted = known.below(topic_id) if topic_id is not None else None
    if wanted is None and chat_id is not None:
        chosen = {at: not one.muted for at, one in (await chats.subscriptions(tx, chat_id)).items()}
        wanted = [each.id for each in known.all if follows(known.chain(each.id), chosen)] or None
    return await articles.latest(tx, topic_ids=wanted, limit=limit), known


@reads
async def digest(
    tx: AsyncConnection, chat: Chat, now: datetime
) -> tuple[list[tuple[int, list[Article]]], Topics]:
    """Return what is new for the chat within a day, by topic: what it was not shown at once."""
    known = await topics.load(tx)
    groups = await digests.contents(tx, chat, known, since=now - DIGEST_PERIOD, until=now)
    by_id = {each.id: each for each in await articles.many(tx, [at for _, ids in groups for at in ids])}
    return [(topic_id, [by_id[at] for at in ids if at in by_id]) for topic_id, ids in groups], known
