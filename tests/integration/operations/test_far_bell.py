"""The bell that is heard in other processes, on a real PostgreSQL."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator

import pytest
from sqlalchemy import text

from bot.operations.far_bell import FarBell, ring_once
from bot.store.engine.database import Database, open_database

pytestmark = pytest.mark.postgres
SECONDS = 60
END_LISTENERS = text(
    "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
    " WHERE datname = current_database() AND query LIKE 'LISTEN%'"
)


@pytest.fixture
async def postgres_db(postgres_url: str) -> AsyncIterator[Database]:
    """A database without tables: a bell needs none."""
    db = open_database(postgres_url)
    yield db
    await db.close()


async def test_a_ring_is_heard_elsewhere_also_after_the_connection_broke(postgres_db: Database) -> None:
    near, far, heard = FarBell(postgres_db), FarBell(postgres_db), asyncio.Event()
    far.listen(heard.set)
    speaking, hearing = asyncio.create_task(near.speak()), asyncio.create_task(far.hear())
    async with asyncio.timeout(SECONDS):
        # Who begins to hear looks at once, as something may have been rung before.
        await heard.wait()
        for ring in (near.ring, None):
            heard.clear()
            ring() if ring else await ring_once(postgres_db)
            await heard.wait()
        heard.clear()
        async with postgres_db.write() as tx:
            await tx.execute(END_LISTENERS)
        with pytest.raises(ConnectionError):
            await hearing
        again = asyncio.create_task(far.hear())
        await heard.wait()
    for task in (speaking, again):
        task.cancel()
    await asyncio.wait([speaking, again])
