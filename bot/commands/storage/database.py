"""`migrate`, `backup` and `restore`, as the operator calls them."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime
from pathlib import Path

from bot.commands.session import opened
from bot.commands.storage import backup as copies
from bot.log import say
from bot.settings import load_settings
from bot.store.engine.compact import compact


def migrate() -> int:
    """Bring the database to this version's tables."""

    async def work() -> None:
        async with opened(load_settings().database_url) as db:
            say("the database is up to date")
        if db.file and not compact(db.file):
            say("the database's file can't shrink yet: stop the bot and run this command again")

    asyncio.run(work())
    return 0


def backup(target: Path | None) -> int:
    """Copy the database to one file."""
    made = copies.backup(load_settings().database_url, target, datetime.now(UTC))
    say(f"backed up to {made}")
    return 0


def restore(backup_file: Path) -> int:
    """Put a backup in the database's place."""
    aside = copies.restore(load_settings().database_url, backup_file, datetime.now(UTC))
    say("restored" + (f"; the database that was there is kept as {aside}" if aside else ""))
    return 0
