"""Stories as people put them into chats of theirs: which message shows which revision, and what is to be put right."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import delete, func, select, tuple_, update

from bot.model.message import SharedMessage
from bot.model.story.article import READABLE
from bot.store.engine.database import Transaction
from bot.store.engine.upsert import upsert
from bot.store.newsroom.tables import article
from bot.store.tables.shared import AT_ONCE, shared_story

_COLUMNS = (shared_story.c.inline_message_id, shared_story.c.article_id, shared_story.c.revision)


async def note(tx: Transaction, bot_id: int, one: SharedMessage, at: datetime, *, most: int) -> None:
    """Remember a message; not where that many of the story are remembered already."""
    of_it = select(shared_story.c.article_id).where(shared_story.c.article_id == one.article_id).limit(most)
    if (await tx.execute(select(func.count()).select_from(of_it.subquery()))).scalar_one() >= most:
        return
    # Held, so that nobody corrects or kills it between this look and the row.
    stands = select(article.c.id).where(*_as_shown(one.article_id, one.revision)).with_for_update(read=True)
    values = {
        "bot_id": bot_id,
        "inline_message_id": one.inline_message_id,
        "article_id": one.article_id,
        "revision": one.revision,
        "language": one.language,
        "zone": one.zone,
        "shared_at": at,
        "due_at": None if (await tx.execute(stands)).first() else AT_ONCE,
    }
    await tx.execute(upsert(tx, shared_story).values(values).on_conflict_do_nothing())


async def due(tx: Transaction, bot_id: int, now: datetime, limit: int) -> list[SharedMessage]:
    """Return messages that are to be put right by now, the longest due first."""
    columns = (*_COLUMNS, shared_story.c.language, shared_story.c.zone, shared_story.c.attempts)
    found = select(*columns).where(
        shared_story.c.bot_id == bot_id, shared_story.c.due_at.is_not(None), shared_story.c.due_at <= now
    )
    return [
        SharedMessage(*row) for row in await tx.execute(found.order_by(shared_story.c.due_at).limit(limit))
    ]


async def settle(tx: Transaction, bot_id: int, one: SharedMessage, revision: int) -> None:
    """Note that a message shows that revision now. Whatever became of the story meanwhile is still to be done."""
    values: dict[str, Any] = {"revision": revision, "attempts": 0}
    if (await tx.execute(select(article.c.id).where(*_as_shown(one.article_id, revision)))).first():
        values["due_at"] = None
    await tx.execute(update(shared_story).where(*_this(bot_id, one)).values(values))


async def put_off(tx: Transaction, bot_id: int, one: SharedMessage, until: datetime) -> None:
    """Have a message tried again then."""
    values = {"due_at": until, "attempts": one.attempts + 1}
    await tx.execute(update(shared_story).where(*_this(bot_id, one)).values(values))


async def drop(tx: Transaction, bot_id: int, one: SharedMessage) -> None:
    """Forget a message."""
    await tx.execute(delete(shared_story).where(*_this(bot_id, one)))


async def forget(tx: Transaction, before: datetime, limit: int) -> int:
    """Forget some of the messages that are older; return how many."""
    key = (shared_story.c.bot_id, shared_story.c.inline_message_id)
    old = select(*key).where(shared_story.c.shared_at < before).limit(limit)
    return (await tx.execute(delete(shared_story).where(tuple_(*key).in_(old)))).rowcount


def _as_shown(article_id: int, revision: int) -> tuple[Any, ...]:
    """Return what is true of a story that stands as that revision says."""
    return article.c.id == article_id, article.c.revision == revision, article.c.status.in_(READABLE)


def _this(bot_id: int, one: SharedMessage) -> tuple[Any, ...]:
    return shared_story.c.bot_id == bot_id, shared_story.c.inline_message_id == one.inline_message_id
