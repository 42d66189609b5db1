"""What the operator's page says of backups: the newest, and when the next is due."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from datetime import datetime

from bot.operations.backup import STALE
from bot.operations.overview.readings import PATIENCE_SECONDS, NoReading
from bot.store.backup.backups import Backups
from bot.store.backup.rotation import Kept


@dataclass(frozen=True, slots=True)
class BackupView:
    """The backups that are kept, each checked when it was made. `makes` is whether the bot makes any by itself."""

    makes: bool
    kept: int = 0
    newest: Kept | None = None
    next_at: datetime | None = None
    stale: bool = False


async def view_backups(backups: Backups | None, now: datetime) -> BackupView:
    """Return what the folder holds. Raises NoReading where its disk does not answer."""
    if backups is None:
        return BackupView(makes=False)
    try:
        async with asyncio.timeout(PATIENCE_SECONDS):
            return await asyncio.to_thread(_look, backups, now)
    except TimeoutError:
        raise NoReading("the folder of backups does not answer") from None


def _look(backups: Backups, now: datetime) -> BackupView:
    kept = backups.kept()
    newest = kept[0] if kept else None
    return BackupView(
        makes=True,
        kept=len(kept),
        newest=newest,
        next_at=backups.next_at(now),
        stale=newest is not None and now - newest.at > STALE,
    )
