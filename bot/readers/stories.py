"""What a chat can read: one story, the latest."""

from __future__ import annotations

from sqlalchemy.ext.asyncio import AsyncConnection

from bot.model.article import READABLE, Article, Status
from bot.model.chat import follows
from bot.model.errors import Refusal
from bot.model.topic import Topics
from bot.store import articles, chats, topics
from bot.store.database import reads


@reads
async def story(tx: AsyncConnection, article_id: int, *, draft: bool = False) -> tuple[Article, Topics]:
    """Return a story and the topics. Refused where it can't be read (any more); `draft` lets a draft be."""
    return await _readable(tx, article_id, draft), await topics.load(tx)


@reads
async def with_related(
    tx: AsyncConnection, article_id: int, limit: int, *, draft: bool = False
) -> tuple[Article, Topics, list[Article]]:
    """Return the same, and the newest others of the story's topics."""
    found = await _readable(tx, article_id, draft)
    return found, await topics.load(tx), await articles.related(tx, found, limit)


async def _readable(tx: AsyncConnection, article_id: int, draft: bool) -> Article:
    found = await articles.get(tx, article_id)
    if found is None or found.status not in (*READABLE, *((Status.DRAFT,) if draft else ())):
        raise Refusal("not-found")
    return found


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
