"""Publishes what is scheduled for now: editors' schedules and trusted feeds alike."""

from __future__ import annotations

from datetime import datetime

from bot.model.errors import Refusal
from bot.model.story.article import Status
from bot.publishing import story_log
from bot.publishing.publish import publish
from bot.publishing.story import hold
from bot.store.engine.database import Database
from bot.store.newsroom import articles, audit

AT_ONCE = 100
RETURNED = "return"
"""The deed of the audit that names why a due story did not go out."""


async def release_due(db: Database, now: datetime) -> int:
    """Publish what is due by now, the longest due first; return how many."""
    released = 0
    async with db.read() as tx:
        due = await articles.due_for_release(tx, now, AT_ONCE)
    for article_id in due:
        try:
            async with db.write(durable=True) as tx:
                made = await publish(tx, article_id, now)
        except Refusal as refusal:
            story_log.refused(article_id, refusal.code)
            await _return(db, article_id, refusal.code, now)
            continue
        story_log.published(made.article, story_log.SCHEDULE)
        released += 1
    return released


async def _return(db: Database, article_id: int, why: str, now: datetime) -> None:
    """Give a story that may not go out back to the desk: it would be refused every second."""
    async with db.write(durable=True) as tx:
        before = await hold(tx, article_id)
        if before.status is not Status.SCHEDULED:
            return
        after = before.unschedule()
        await articles.save(tx, after)
        await audit.add(tx, now, None, RETURNED, article_id=article_id, revision=after.revision, detail=why)
