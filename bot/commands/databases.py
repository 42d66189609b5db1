"""`migrate`, `backup` and `restore`, as the operator calls them."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime
from pathlib import Path

from bot.commands import backup as copies
from bot.commands.opening import opened
from bot.settings import load_settings
from bot.store.compact import compact


def migrate() -> int:
    """Bring the database to this version's tables."""

    async def work() -> None:
        async with opened(load_settings().database_url) as db:
            print("the database is up to date")
        if db.file and not compact(db.file):
            print("its file can't shrink yet: run this once more while the bot is stopped")

    asyncio.run(work())
    return 0


def backup(target: Path | None) -> int:
    """Copy the database to one file."""
    made = copies.backup(load_settings().database_url, target, datetime.now(UTC))
    print(f"backed up to {made}")
    return 0


def restore(backup_file: Path) -> int:
    """Put a backup in the database's place."""
    aside = copies.restore(load_settings().database_url, backup_file, datetime.now(UTC))
    print("restored" + (f"; the former database is kept as {aside}" if aside else ""))
    return 0
