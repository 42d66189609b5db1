"""What is written moves from the write-ahead log into the file beside the writer, and is never lost to that."""

import asyncio
import sqlite3
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, closing
from pathlib import Path

import pytest
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.store.engine import checkpoints
from bot.store.engine.checkpoints import Checkpoints
from bot.store.engine.database import Database
from bot.store.engine.sqlite import Version, may_lose_commits
from tests.support.transactions import writes

MUCH = 1500 * 4096
"""Bytes; at 1,000 pages SQLite by itself would move them in the commit."""


@writes
async def put_much(tx: AsyncConnection) -> None:
    await tx.execute(
        text("INSERT INTO alert_sent (bot_id, key, at) VALUES (1, :key, 1)"), {"key": "k" * MUCH}
    )


def size(db: Database) -> int:
    assert db.file
    return db.file.stat().st_size


async def test_what_was_written_is_in_the_file_soon(
    sqlite_db: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(checkpoints, "SECONDS", 0.01)
    before = size(sqlite_db)
    await put_much(sqlite_db)
    async with asyncio.timeout(60):
        while size(sqlite_db) < before + MUCH:
            await asyncio.sleep(0.02)


async def test_no_commit_waits_for_that_and_closing_waits_for_no_turn(
    sqlite_db: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(checkpoints, "SECONDS", 3_600)
    before = size(sqlite_db)
    await put_much(sqlite_db)
    assert size(sqlite_db) == before
    async with asyncio.timeout(60):
        await sqlite_db.close()
    assert size(sqlite_db) >= before + MUCH, "the last connection moves what is left"


async def test_what_can_not_be_moved_now_is_tried_after_the_next_write(
    tmp_path: Path, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(checkpoints, "SECONDS", 0.01)
    caplog.set_level("DEBUG", logger="bot.store.engine.checkpoints")
    moving = Checkpoints(str(tmp_path / "taken away.db"))
    for times in (1, 2):
        moving.wrote()
        async with asyncio.timeout(60):
            while len(caplog.records) < times:
                await asyncio.sleep(0.01)
    assert "OperationalError" in caplog.text
    await moving.close()
    assert not list(tmp_path.iterdir()), "no empty file is left in its place"


@pytest.mark.parametrize(
    ("version", "has_it"),
    [
        ((3, 40, 1), True),
        ((3, 44, 5), True),
        ((3, 44, 6), False),
        ((3, 45, 0), True),
        ((3, 50, 7), False),
        ((3, 51, 2), True),
        ((3, 51, 3), False),
        ((3, 54, 1), False),
    ],
)
def test_the_versions_that_may_lose_a_commit_are_known(version: Version, has_it: bool) -> None:
    assert may_lose_commits(version) is has_it


async def test_where_sqlite_may_lose_a_commit_nobody_can_commit_while_pages_move(
    sqlite_db: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(checkpoints, "SECONDS", 0.01)
    assert sqlite_db.file
    before, locked = size(sqlite_db), asyncio.Event()

    @asynccontextmanager
    async def alone() -> AsyncIterator[None]:
        async with sqlite_db.writer.begin():
            with (
                closing(sqlite3.connect(sqlite_db.file or "", timeout=0)) as other,
                pytest.raises(sqlite3.OperationalError, match="locked"),
            ):
                other.execute("BEGIN IMMEDIATE")
            yield
            if size(sqlite_db) >= before + MUCH:
                locked.set()

    await put_much(sqlite_db)
    moving = Checkpoints(str(sqlite_db.file), alone)
    async with asyncio.timeout(60):
        while not locked.is_set():
            # The database moves its pages itself, too: who comes second finds the log busy.
            moving.wrote()
            await asyncio.sleep(0.01)
    await moving.close()
