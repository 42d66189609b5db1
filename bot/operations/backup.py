"""Makes the day's backup while the bot runs, and says where it fails or has not been made for long."""

from __future__ import annotations

import asyncio
import logging
from datetime import datetime, timedelta
from typing import Any

from bot.log import Event
from bot.metrics import BACKUP_AGE_SECONDS, BACKUP_BYTES, BACKUPS
from bot.model.errors import SetupError
from bot.operations.status import Trouble
from bot.store.backup.backups import PERIOD, Backups
from bot.store.backup.stop import Stop, Stopped

log = logging.getLogger(__name__)

AGAIN = timedelta(hours=1)
"""How long after a failure the next try comes."""

STALE = 2 * PERIOD
"""A newest backup that is older is a trouble."""

BACKUP_AGE_SECONDS.set(float("nan"))


class BackupTick:
    """Makes a backup when one is due. What is due stands in the folder: nothing is forgotten by a restart."""

    def __init__(self, backups: Backups) -> None:
        self._backups = backups
        self._failure = ""
        self._failed_at: datetime | None = None

    async def look(self, now: datetime) -> None:
        """Make a backup, if one is due, and show the age of the newest."""
        waits = self._failed_at is not None and now - self._failed_at < AGAIN
        if not waits and await asyncio.to_thread(self._backups.is_due, now):
            await self._make(now)
        await asyncio.to_thread(self._show, now)

    def troubles(self, now: datetime) -> list[Trouble]:
        """Return what owners should know."""
        if self._failure:
            return [Trouble("backup:failed", "owner_backup", {"why": self._failure, "hours": None})]
        newest = next(iter(self._backups.kept()), None)
        if newest is not None and now - newest.at > STALE:
            hours = int((now - newest.at) / timedelta(hours=1))
            return [Trouble("backup:old", "owner_backup", {"why": "", "hours": hours})]
        return []

    async def _make(self, now: datetime) -> None:
        stop = Stop()
        try:
            made = await asyncio.to_thread(self._backups.make, now, stop)
        except asyncio.CancelledError:
            # The bot ends: the thread must not hold it up.
            stop.set()
            raise
        except Stopped:
            return
        except (SetupError, OSError) as error:
            self._failure, self._failed_at = str(error), now
            BACKUPS.labels("failed").inc()
            log.error(Event("backup.failed", reason=str(error), again_in=AGAIN.total_seconds()))
            return
        self._failure, self._failed_at = "", None
        BACKUPS.labels("made").inc()
        log.info(Event("backup.made", file=made.path, bytes=made.size))

    def _show(self, now: datetime) -> None:
        newest = next(iter(self._backups.kept()), None)
        if newest is not None:
            BACKUP_AGE_SECONDS.set(max(0.0, (now - newest.at).total_seconds()))
            BACKUP_BYTES.set(newest.size)


def backup_facts(backups: Backups | None, now: datetime) -> dict[str, Any]:
    """Return what `/status` says of backups: whether the bot makes any, and how many hours old the newest is."""
    newest = next(iter(backups.kept()), None) if backups else None
    hours = int((now - newest.at) / timedelta(hours=1)) if newest else None
    return {
        "makes": backups is not None,
        "hours": hours,
        "stale": newest is not None and now - newest.at > STALE,
    }
