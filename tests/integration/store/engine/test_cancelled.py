"""Whoever asks the database and is cancelled, at whatever moment, leaves no connection open."""

from __future__ import annotations

import asyncio
import gc
import threading

from sqlalchemy import text

from bot.store.engine.database import Database

MOMENTS = 150


async def test_a_cancelled_caller_leaves_no_connection_open(db: Database) -> None:
    async def ask() -> None:
        async with db.read() as tx:
            await tx.execute(text("SELECT 1"))

    await ask()
    await db.close()
    before = threading.active_count()
    for moment in range(MOMENTS):
        asking = asyncio.create_task(ask())
        # A little later each time: a new connection takes some milliseconds.
        await asyncio.sleep(moment * 0.00005)
        asking.cancel()
        await asyncio.wait([asking])
        # Closes what is in the pools: the next one opens anew.
        await db.close()
    gc.collect()
    assert threading.active_count() <= before
    await ask()
