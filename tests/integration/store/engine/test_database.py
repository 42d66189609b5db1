import asyncio

import pytest
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.store.engine.database import Database
from tests.support.transactions import reads, writes


@writes
async def put(tx: AsyncConnection, key: str, *, then_fail: bool = False) -> None:
    await tx.execute(text("INSERT INTO alert_sent (bot_id, key, at) VALUES (1, :key, 1)"), {"key": key})
    if then_fail:
        raise LookupError(key)


@reads
async def keys(tx: AsyncConnection) -> list[str]:
    return list((await tx.execute(text("SELECT key FROM alert_sent ORDER BY key"))).scalars())


async def test_a_failed_write_leaves_nothing(db: Database) -> None:
    await put(db, "kept")
    with pytest.raises(LookupError):
        await put(db, "lost", then_fail=True)
    assert await keys(db) == ["kept"]


async def test_a_cancelled_write_leaves_nothing_and_frees_the_writer(db: Database) -> None:
    inside, never = asyncio.Event(), asyncio.Event()

    @writes
    async def slow(tx: AsyncConnection) -> None:
        await tx.execute(text("INSERT INTO alert_sent (bot_id, key, at) VALUES (1, 'slow', 1)"))
        inside.set()
        await never.wait()

    task = asyncio.create_task(slow(db))
    await inside.wait()
    task.cancel()
    await asyncio.wait([task])
    assert task.cancelled()
    await asyncio.wait_for(put(db, "next"), 60)
    assert await keys(db) == ["next"]


async def test_a_write_that_is_cancelled_amid_a_statement_frees_the_writer(db: Database) -> None:
    count = "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 3000000) SELECT max(i) FROM n"
    inside = asyncio.Event()

    async def slow() -> None:
        async with db.write() as tx:
            await tx.execute(text("INSERT INTO alert_sent (bot_id, key, at) VALUES (1, 'slow', 1)"))
            inside.set()
            await tx.execute(text(count))

    task = asyncio.create_task(slow())
    await inside.wait()
    await asyncio.sleep(0)
    task.cancel()
    await asyncio.wait([task])
    assert task.cancelled()
    await asyncio.wait_for(put(db, "next"), 60)
    assert await keys(db) == ["next"]


async def test_readers_go_on_beside_a_writer(db: Database) -> None:
    @writes
    async def look_meanwhile(tx: AsyncConnection) -> list[str]:
        await tx.execute(text("INSERT INTO alert_sent (bot_id, key, at) VALUES (1, 'unseen', 1)"))
        return await keys(db)

    assert await look_meanwhile(db) == []
    assert await keys(db) == ["unseen"]


async def test_many_writers_wait_for_each_other(db: Database) -> None:
    await asyncio.gather(*(put(db, f"k{number:02}") for number in range(40)))
    assert len(await keys(db)) == 40


async def test_a_durable_write_is_synchronised_fully_on_sqlite(sqlite_db: Database) -> None:
    async def level(**options: bool) -> int:
        async with sqlite_db.write(**options) as tx:
            return int((await tx.execute(text("PRAGMA synchronous"))).scalar_one())

    assert await level(durable=True) == 2
    assert await level() == 1


async def test_only_an_unchecked_write_may_refer_to_what_is_not_there(sqlite_db: Database) -> None:
    async def checks(**options: bool) -> int:
        async with sqlite_db.write(**options) as tx:
            return int((await tx.execute(text("PRAGMA foreign_keys"))).scalar_one())

    assert await checks(checked=False) == 0
    assert await checks() == 1


async def test_a_name_with_a_nul_is_kept_on_either_database(db: Database) -> None:
    await put(db, "Анна\0 Б.")
    (kept,) = await keys(db)
    assert kept.replace("\0", "") == "Анна Б."
