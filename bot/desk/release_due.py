"""Publishes what is scheduled for now: editors' schedules and trusted feeds alike."""

from __future__ import annotations

import logging
from datetime import datetime

from bot.desk.publish import publish
from bot.model.errors import Refusal
from bot.store import articles
from bot.store.database import Database, reads

log = logging.getLogger(__name__)

AT_ONCE = 100

_due = reads(articles.due_for_release)


async def release_due(db: Database, now: datetime) -> int:
    """Publish what is due by now, the longest due first; return how many."""
    released = 0
    for article_id in await _due(db, now, AT_ONCE):
        try:
            await publish(db, article_id, now)
            released += 1
        except Refusal as refusal:
            log.warning("article %d was due but can't be published: %s", article_id, refusal.code)
    return released
