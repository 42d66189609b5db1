import asyncio

import pytest
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.store.database import Database, reads, writes, writes_durably, writes_unchecked


@writes
async def put(tx: AsyncConnection, key: str, *, then_fail: bool = False) -> None:
    await tx.execute(text("INSERT INTO told (key, at) VALUES (:key, 1)"), {"key": key})
    if then_fail:
        raise LookupError(key)


@reads
async def keys(tx: AsyncConnection) -> list[str]:
    return list((await tx.execute(text("SELECT key FROM told ORDER BY key"))).scalars())


async def test_a_failed_write_leaves_nothing(db: Database) -> None:
    await put(db, "kept")
    with pytest.raises(LookupError):
        await put(db, "lost", then_fail=True)
    assert await keys(db) == ["kept"]


async def test_a_cancelled_write_is_finished_first_and_frees_the_writer(db: Database) -> None:
    inside, go_on = asyncio.Event(), asyncio.Event()

    @writes
    async def slow(tx: AsyncConnection) -> None:
        await tx.execute(text("INSERT INTO told (key, at) VALUES ('slow', 1)"))
        inside.set()
        await go_on.wait()

    task = asyncio.create_task(slow(db))
    await inside.wait()
    task.cancel()
    go_on.set()
    await asyncio.wait([task])
    assert task.cancelled()
    await asyncio.wait_for(put(db, "next"), 2)
    assert await keys(db) == ["next", "slow"]


async def test_readers_go_on_beside_a_writer(db: Database) -> None:
    @writes
    async def look_meanwhile(tx: AsyncConnection) -> list[str]:
        await tx.execute(text("INSERT INTO told (key, at) VALUES ('unseen', 1)"))
        return await keys(db)

    assert await look_meanwhile(db) == []
    assert await keys(db) == ["unseen"]


async def test_many_writers_wait_for_each_other(db: Database) -> None:
    await asyncio.gather(*(put(db, f"k{number:02}") for number in range(40)))
    assert len(await keys(db)) == 40


async def test_a_durable_write_is_synchronised_fully_on_sqlite(sqlite_db: Database) -> None:
    async def level(tx: AsyncConnection) -> int:
        return int((await tx.execute(text("PRAGMA synchronous"))).scalar_one())

    assert await writes_durably(level)(sqlite_db) == 2
    assert await writes(level)(sqlite_db) == 1


async def test_only_an_unchecked_write_may_refer_to_what_is_not_there(sqlite_db: Database) -> None:
    async def checks(tx: AsyncConnection) -> int:
        return int((await tx.execute(text("PRAGMA foreign_keys"))).scalar_one())

    assert await writes_unchecked(checks)(sqlite_db) == 0
    assert await writes(checks)(sqlite_db) == 1
