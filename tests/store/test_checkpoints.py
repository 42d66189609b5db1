"""What is written moves from the write-ahead log into the file beside the writer, and is never lost to that."""

import asyncio
from pathlib import Path

import pytest
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.store import checkpoints
from bot.store.checkpoints import Checkpoints
from bot.store.database import Database, writes

MUCH = 1500 * 4096
"""Bytes; at 1,000 pages SQLite by itself would move them in the commit."""


@writes
async def put_much(tx: AsyncConnection) -> None:
    await tx.execute(text("INSERT INTO told (key, at) VALUES (:key, 1)"), {"key": "k" * MUCH})


def size(db: Database) -> int:
    assert db.file
    return db.file.stat().st_size


async def test_what_was_written_is_in_the_file_soon(
    sqlite_db: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(checkpoints, "SECONDS", 1)
    before = size(sqlite_db)
    await put_much(sqlite_db)
    assert size(sqlite_db) == before, "no commit waits for that"
    async with asyncio.timeout(10):
        while size(sqlite_db) < before + MUCH:
            await asyncio.sleep(0.02)


async def test_closing_waits_for_no_turn(sqlite_db: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(checkpoints, "SECONDS", 60)
    before = size(sqlite_db)
    await put_much(sqlite_db)
    async with asyncio.timeout(10):
        await sqlite_db.close()
    assert size(sqlite_db) >= before + MUCH, "the last connection moves what is left"


async def test_what_can_not_be_moved_now_is_tried_after_the_next_write(
    tmp_path: Path, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(checkpoints, "SECONDS", 0.01)
    caplog.set_level("DEBUG", logger="bot.store.checkpoints")
    moving = Checkpoints(str(tmp_path / "taken away.db"))
    for times in (1, 2):
        moving.wrote()
        async with asyncio.timeout(10):
            while len(caplog.records) < times:
                await asyncio.sleep(0.01)
    assert "OperationalError" in caplog.text
    await moving.close()
    assert not list(tmp_path.iterdir()), "no empty file is left in its place"
