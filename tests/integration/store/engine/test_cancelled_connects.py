"""A caller who is cancelled while a connection is being opened or set up leaves no open connection behind."""

from __future__ import annotations

import asyncio
import gc

import aiosqlite
from sqlalchemy import text

from bot.store.engine.database import Database, open_database
from tests.support.transactions import given_back


def left_open() -> int:
    gc.collect()
    known = (each for each in gc.get_objects() if isinstance(each, aiosqlite.Connection))
    return sum(each._connection is not None for each in known)


async def test_whoever_is_cancelled_at_any_step_leaves_no_connection_open(sqlite_db: Database) -> None:
    before = left_open()
    for step in range(40):
        database = open_database(str(sqlite_db.url))

        async def reading(database: Database = database) -> None:
            async with database.read() as tx:
                await tx.execute(text("SELECT 1"))

        task = asyncio.create_task(reading())
        # There is no event to wait for: anywhere amid a dozen statements will do.
        await asyncio.sleep(step * 0.0002)
        task.cancel()
        await asyncio.wait([task])
        await given_back()
        await database.close()
    async with asyncio.timeout(30):
        while left_open() > before:
            await asyncio.sleep(0.01)
