"""How often a story was opened, and which reactions it has: running counts, never who."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import NamedTuple

from sqlalchemy import case, delete, func, select

from bot.model.bulletin import BulletinKind
from bot.model.delivery import SubjectKind
from bot.model.figures.counts import StoryReads
from bot.store.engine.database import Transaction
from bot.store.engine.upsert import upsert
from bot.store.newsroom.tables import article, revision
from bot.store.tables.audience import chat
from bot.store.tables.figures import push_count, story_count
from bot.store.tables.ledger import message

READ = "read"

SUMMED = 0
"""In place of a chat: the counts that are added up one by one."""


class Shown(NamedTuple):
    """A story's message: the story, our id of the chat that it stands in, and which part of the story it is."""

    article_id: int
    chat_id: int
    part: int


async def add(tx: Transaction, article_id: int, name: str, more: int = 1) -> None:
    """Count so many more of that name; a count never falls below nothing."""
    first = {"article_id": article_id, "name": name, "chat_id": SUMMED, "total": max(0, more)}
    larger = story_count.c.total + more
    values = {"total": case((larger > 0, larger), else_=0)}
    await tx.execute(
        upsert(tx, story_count).values(first).on_conflict_do_update(index_elements=_KEY, set_=values)
    )


async def put(tx: Transaction, shown: Shown, totals: Mapping[str, int]) -> None:
    """Keep the totals of a story's reactions in one chat, in place of those before."""
    of_it = (story_count.c.article_id == shown.article_id, story_count.c.chat_id == shown.chat_id)
    await tx.execute(delete(story_count).where(*of_it))
    rows = [
        {"article_id": shown.article_id, "name": name, "chat_id": shown.chat_id, "total": total}
        for name, total in totals.items()
    ]
    if rows:
        await tx.execute(upsert(tx, story_count).on_conflict_do_nothing(), rows)


async def shown_by(tx: Transaction, bot_id: int, telegram_id: int, message_id: int) -> Shown | None:
    """Return which story a message of a chat shows, None for any other message."""
    columns = (message.c.subject_id, message.c.chat_id, message.c.part)
    of_it = (message.c.bot_id == bot_id, message.c.kind == SubjectKind.ARTICLE)
    here = (chat.c.bot_id == bot_id, chat.c.telegram_id == telegram_id)
    found = (
        select(*columns)
        .join(chat, chat.c.id == message.c.chat_id)
        .where(*here, *of_it, message.c.message_id == message_id)
    )
    row = (await tx.execute(found.limit(1))).first()
    return Shown(*row) if row else None


async def of_article(tx: Transaction, article_id: int) -> dict[str, int]:
    """Return a story's counts by name, those of all chats together."""
    total = func.sum(story_count.c.total)
    summed = select(story_count.c.name, total).where(story_count.c.article_id == article_id)
    return {row[0]: int(row[1]) for row in await tx.execute(summed.group_by(story_count.c.name))}


async def most_read(tx: Transaction, since: datetime, until: datetime, limit: int) -> list[StoryReads]:
    """Return the stories of that time that were opened most, the most first."""
    opened = (
        select(story_count.c.article_id, story_count.c.total)
        .join(push_count, push_count.c.article_id == story_count.c.article_id)
        .where(push_count.c.started_at >= since, push_count.c.started_at < until)
        .where(push_count.c.kind == BulletinKind.NEW)
        .where(story_count.c.name == READ, story_count.c.total > 0)
        .distinct()
        .order_by(story_count.c.total.desc(), story_count.c.article_id)
        .limit(limit)
    )
    counts = {row.article_id: row.total for row in await tx.execute(opened)}
    headlines = await _headlines(tx, counts)
    return [StoryReads(each, headlines.get(each, ""), reads) for each, reads in counts.items()]


_KEY = ["article_id", "name", "chat_id"]


async def _headlines(tx: Transaction, ids: Iterable[int]) -> dict[int, str]:
    of_it = (revision.c.article_id == article.c.id) & (revision.c.number == article.c.revision)
    found = select(article.c.id, revision.c.headline).join(revision, of_it).where(article.c.id.in_(list(ids)))
    return {row[0]: row[1] for row in await tx.execute(found)}
