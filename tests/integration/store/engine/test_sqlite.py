import pytest
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError, OperationalError
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.store.engine.database import Database
from tests.support.transactions import reads, writes

PUT = text("INSERT INTO alert_sent (bot_id, key, at) VALUES (1, :key, :at)")


async def test_a_statement_tells_its_columns_its_rows_and_how_many_it_changed(sqlite_db: Database) -> None:
    async with sqlite_db.writer.begin() as tx:
        await tx.execute(PUT, [{"key": key, "at": at} for at, key in enumerate("abc")])
        found = await tx.execute(text("SELECT key, at FROM alert_sent ORDER BY at"))
        assert found.keys() == {"key": 0, "at": 1}.keys()
        assert found.all() == [("a", 0), ("b", 1), ("c", 2)]
        assert (await tx.execute(text("UPDATE alert_sent SET at = 9 WHERE at > 0"))).rowcount == 2
        gone = await tx.execute(text("DELETE FROM alert_sent WHERE at = 9 RETURNING key"))
        assert sorted(gone.scalars()) == ["b", "c"]
        assert (await tx.execute(text("SELECT key FROM alert_sent WHERE at = 9"))).first() is None


async def test_a_statement_that_fails_says_why_and_leaves_the_connection_usable(sqlite_db: Database) -> None:
    async with sqlite_db.writer.begin() as tx:
        await tx.execute(PUT, {"key": "a", "at": 1})
        with pytest.raises(IntegrityError, match="UNIQUE"):
            await tx.execute(PUT, {"key": "a", "at": 2})
        with pytest.raises(IntegrityError, match="UNIQUE"):
            await tx.execute(PUT, [{"key": "b", "at": 1}, {"key": "a", "at": 2}])
        with pytest.raises(OperationalError, match="no such table"):
            await tx.execute(text("SELECT 1 FROM nowhere"))
        assert (await tx.execute(text("SELECT at FROM alert_sent WHERE key = 'a'"))).scalar_one() == 1


async def test_a_connection_that_was_read_from_begins_anew_and_sees_what_was_written_since(
    sqlite_db: Database,
) -> None:
    @reads
    async def count(tx: AsyncConnection) -> int:
        return int((await tx.execute(text("SELECT count(*) FROM alert_sent"))).scalar_one())

    @writes
    async def put(tx: AsyncConnection, key: str) -> None:
        await tx.execute(PUT, {"key": key, "at": 1})

    for number in range(3):
        assert await count(sqlite_db) == number
        await put(sqlite_db, str(number))
