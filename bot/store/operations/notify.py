"""Words from process to process, by PostgreSQL's LISTEN and NOTIFY (postgresql.org/docs/current/sql-notify.html)."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Any

from sqlalchemy import text

from bot.store.engine.database import Database

CHANNEL = "vestnik"
_SAY = text("SELECT pg_notify(:channel, :word)")


def can_notify(db: Database) -> bool:
    """Return whether the database carries words between processes."""
    return db.file is None


async def say(db: Database, *words: str) -> None:
    """Say short words to every process that listens, this one too."""
    async with db.write() as tx:
        for word in words:
            await tx.execute(_SAY, {"channel": CHANNEL, "word": word})


async def listen(db: Database, heard: Callable[[str], None], began: Callable[[], None]) -> None:
    """Call `heard` with every word, until the connection breaks or the caller is cancelled.

    `began` is called once everything that is said from then on will be heard.
    """
    broken = asyncio.Event()

    def take(_connection: Any, _process: int, _channel: str, word: str) -> None:
        heard(word)

    async with db.reader.connect() as connection:
        driver: Any = (await connection.get_raw_connection()).driver_connection
        driver.add_termination_listener(lambda _connection: broken.set())
        await driver.add_listener(CHANNEL, take)
        began()
        try:
            await broken.wait()
        finally:
            if not driver.is_closed():
                await driver.remove_listener(CHANNEL, take)
