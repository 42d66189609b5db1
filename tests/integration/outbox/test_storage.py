"""A database that can't be written for a while: it is said, nothing is lost, and it goes on."""

from __future__ import annotations

import asyncio
import sqlite3
from typing import Any

import asyncpg
import pytest
from sqlalchemy import event, make_url

from bot.sandbox import Sandbox
from bot.store.engine import database, sqlite
from bot.store.engine.migrate import migrate
from tests.support.engine import Engine, prepared


def lines(caplog: pytest.LogCaptureFixture, words: str) -> list[str]:
    """Return what was logged with those words, in one line each."""
    found = [record.getMessage() for record in caplog.records if words in record.getMessage()]
    assert not any("\n" in line or "UPDATE" in line for line in found)
    return found


async def until_logged(caplog: pytest.LogCaptureFixture, words: str) -> None:
    async with asyncio.timeout(60):
        while not lines(caplog, words):
            await asyncio.sleep(0.02)


async def half_pushed(engine: Engine) -> tuple[list[int], int]:
    """Begin a push, and return its readers and its bulletin when some have it.

    The others' calls are held up until `go_on`: they are more than can be under way at once.
    """
    engine.rates["global_rate"] = 150
    readers = await engine.readers(200)
    engine.sandbox.fault("slow", match={"method": "sendMessage"}, seconds=3_600, after=10, times=None)
    await engine.start()
    _, bulletin = await engine.publish("Мост открыт")
    await engine.reached(bulletin, lambda found: found.accepted == 10)
    return readers, bulletin


def go_on(engine: Engine) -> None:
    """Let Telegram answer what is under way, and all that comes."""
    engine.sandbox.clear_faults()


async def locked(engine: Engine) -> sqlite3.Connection:
    """Return a connection of another process's kind that has locked the database for writing."""
    other = sqlite3.connect(engine.db.file, isolation_level=None, timeout=20, check_same_thread=False)
    # In a thread: the engine may be in a transaction of its own, which ends only while its loop runs.
    await asyncio.to_thread(other.execute, "BEGIN IMMEDIATE")
    return other


async def everyone_has_it_once(engine: Engine, readers: list[int], bulletin: int) -> None:
    assert (await engine.done(bulletin)).accepted == len(readers)
    assert [engine.count(reader, "Мост открыт") for reader in readers] == [1] * len(readers)


async def test_a_locked_database_holds_up_and_loses_nothing(
    still_sqlite: Engine, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sqlite, "BUSY_TIMEOUT_MS", 100)
    await still_sqlite.db.writer.dispose()
    readers, bulletin = await half_pushed(still_sqlite)
    other = await locked(still_sqlite)
    go_on(still_sqlite)
    await until_logged(caplog, 'results.kept reason="database is locked"')
    await until_logged(caplog, 'ledger.failed reason="database is locked"')
    other.execute("COMMIT")
    other.close()
    await everyone_has_it_once(still_sqlite, readers, bulletin)


async def test_a_full_disk_holds_up_and_loses_nothing(
    still_sqlite: Engine, caplog: pytest.LogCaptureFixture
) -> None:
    readers, bulletin = await half_pushed(still_sqlite)
    full = True

    def fill(connection: Any, *_: Any) -> None:
        # A file that may not grow is what SQLite takes for a full disk.
        cursor = connection.cursor()
        cursor.execute("PRAGMA page_count")
        pages = cursor.fetchone()[0] if full else 1 << 30
        cursor.execute(f"PRAGMA max_page_count = {pages}")
        cursor.close()

    event.listen(still_sqlite.db.writer.sync_engine, "checkout", fill)
    go_on(still_sqlite)
    await until_logged(caplog, 'results.kept reason="database or disk is full"')
    full = False
    await everyone_has_it_once(still_sqlite, readers, bulletin)


async def test_a_file_that_became_read_only_holds_up_and_loses_nothing(
    still_sqlite: Engine, caplog: pytest.LogCaptureFixture
) -> None:
    readers, bulletin = await half_pushed(still_sqlite)
    read_only = True

    def forbid(connection: Any, *_: Any) -> None:
        # Whoever runs the tests may be allowed to write anywhere, whatever the file's mode says.
        cursor = connection.cursor()
        cursor.execute(f"PRAGMA query_only = {int(read_only)}")
        cursor.close()

    event.listen(still_sqlite.db.writer.sync_engine, "checkout", forbid)
    go_on(still_sqlite)
    await until_logged(caplog, 'results.kept reason="attempt to write a readonly database"')
    read_only = False
    await everyone_has_it_once(still_sqlite, readers, bulletin)


async def test_a_stop_with_a_locked_database_ends_in_time_and_the_next_start_sends_what_was_not_written(
    still_sqlite: Engine, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sqlite, "BUSY_TIMEOUT_MS", 100)
    await still_sqlite.db.writer.dispose()
    readers, bulletin = await half_pushed(still_sqlite)
    other = await locked(still_sqlite)
    go_on(still_sqlite)
    await until_logged(caplog, "results.kept")
    async with asyncio.timeout(60):
        await still_sqlite.stop(0.5)
    assert lines(caplog, "results.lost reason=stopped")
    other.execute("COMMIT")
    other.close()
    await still_sqlite.start()
    assert (await still_sqlite.done(bulletin)).accepted == len(readers)
    assert min(still_sqlite.count(reader, "Мост открыт") for reader in readers) == 1


@pytest.mark.postgres
async def test_a_server_that_is_gone_for_a_while_loses_nothing(
    postgres: str, postgres_url: str, sandbox: Sandbox, caplog: pytest.LogCaptureFixture
) -> None:
    name = make_url(postgres_url).database
    db = database.open_database(postgres_url)
    await migrate(db)
    engine = await prepared(db, sandbox)
    readers, bulletin = await half_pushed(engine)
    server = await asyncpg.connect(postgres)
    await server.execute(f'ALTER DATABASE "{name}" ALLOW_CONNECTIONS false')
    await server.execute("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = $1", name)
    go_on(engine)
    await until_logged(caplog, "results.kept")
    await until_logged(caplog, "ledger.failed")
    await server.execute(f'ALTER DATABASE "{name}" ALLOW_CONNECTIONS true')
    await server.close()
    await engine.done(bulletin)
    await everyone_has_it_once(engine, readers, bulletin)
    await engine.stop()
    await db.close()
