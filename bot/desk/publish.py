"""Publish a story by hand."""

from __future__ import annotations

from datetime import datetime

from bot.publishing import story_log
from bot.publishing.publish import publish as publish_story
from bot.store.engine.database import Database


async def publish(db: Database, article_id: int, at: datetime, by: int | None = None) -> int:
    """Publish a draft or scheduled story and return the bulletin's id. Refused where it may not be.

    `by` is an editor's Telegram id; None: the command line.
    """
    async with db.write(durable=True) as tx:
        made = await publish_story(tx, article_id, at, by=by)
    story_log.published(made.article, story_log.COMMAND if by is None else by)
    return made.bulletin_id
