"""Logs how each push ended, once."""

from __future__ import annotations

import logging
from datetime import datetime, timedelta

from bot.log import Event
from bot.model.bulletin import Bulletin, BulletinKind
from bot.store.engine.database import Database
from bot.store.ledger import push_ends
from bot.store.ledger.push_ends import PushEnd

log = logging.getLogger(__name__)

BACK = timedelta(days=3)
"""A push that lasts longer, a paused one say, ends without a line."""


class PushWatch:
    """The pushes of one bot that are open. Those that ended before its first look are left out."""

    def __init__(self, db: Database, bot_id: int) -> None:
        self._db = db
        self._bot_id = bot_id
        self._newest: int | None = None
        self._decided_at: dict[int, datetime] = {}

    async def look(self, now: datetime) -> None:
        """Log the pushes that have ended since the last look."""
        first = self._newest is None
        async with self._db.read() as tx:
            new = await push_ends.newer(tx, self._newest or 0, now - BACK)
        self._newest = max([self._newest or 0, *new])
        self._decided_at |= new
        for bulletin_id, at in list(self._decided_at.items()):
            # To count a push of a million takes a second: that is asked once, in a transaction of its own.
            async with self._db.read() as tx:
                if at >= now - BACK and await push_ends.is_open(tx, self._bot_id, bulletin_id):
                    continue
                over = first or at < now - BACK
                end = None if over else await push_ends.find(tx, self._bot_id, bulletin_id)
            del self._decided_at[bulletin_id]
            if end is not None:
                log.info(_event(end))


def _event(end: PushEnd) -> Event:
    told, progress = end.told, end.progress
    return Event(
        "push.ended",
        article=told.article_id,
        bulletin=told.id,
        kind=told.kind,
        stopped=progress.stopped or None,
        sent=progress.accepted,
        failed=sum(progress.failed.values()),
        skipped=sum(progress.skipped.values()),
        doubt=progress.in_doubt or None,
        first_seconds=_seconds(told, end.first_at),
        last_seconds=_seconds(told, progress.last_at),
    )


def _seconds(told: Bulletin, at: datetime | None) -> float | None:
    """A correction and a kill keep no time of their own: Telegram accepted the message before."""
    if at is None or told.kind is not BulletinKind.NEW:
        return None
    return (at - told.created_at).total_seconds()
