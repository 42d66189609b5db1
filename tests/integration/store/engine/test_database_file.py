"""A database's file is made at the first start alone, and read by nobody but its owner and its group."""

from __future__ import annotations

import asyncio
import stat
import sys
import threading
from datetime import UTC, datetime
from pathlib import Path

import pytest
from sqlalchemy import text
from sqlalchemy.exc import OperationalError

from bot.commands.session import opened
from bot.commands.storage.backup import backup, restore
from bot.model.errors import SetupError
from bot.store.engine.database import open_database
from bot.store.engine.database_file import note_of

NOW = datetime(2026, 5, 4, 3, 2, 1, tzinfo=UTC)
pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="Windows has no modes")


def modes(folder: Path) -> dict[str, int]:
    return {
        each.name: stat.S_IMODE(each.stat().st_mode)
        for each in folder.iterdir()
        if each.name.startswith("vestnik") and each != note_of(folder / "vestnik.db")
    }


async def start(file: Path) -> None:
    async with opened(f"sqlite:///{file}") as db, db.write() as tx:
        await tx.execute(text("INSERT INTO alert_sent (bot_id, key, at) VALUES (1, 'kept', 1)"))


async def test_a_first_start_makes_the_file_and_a_later_one_opens_it(tmp_path: Path) -> None:
    file = tmp_path / "data" / "vestnik.db"
    await start(file)
    async with opened(f"sqlite:///{file}") as db, db.read() as tx:
        assert (await tx.execute(text("SELECT key FROM alert_sent"))).scalars().all() == ["kept"]


async def test_a_file_that_was_moved_away_is_not_made_anew(tmp_path: Path) -> None:
    file, elsewhere = tmp_path / "vestnik.db", tmp_path / "elsewhere.db"
    await start(file)
    file.rename(elsewhere)
    with pytest.raises(SetupError, match="bring it back or restore a backup") as raised:
        await start(file)
    assert "\n" not in str(raised.value)
    assert not file.exists()
    elsewhere.rename(file)
    async with opened(f"sqlite:///{file}") as db, db.read() as tx:
        assert (await tx.execute(text("SELECT key FROM alert_sent"))).scalars().all() == ["kept"]


async def test_a_restore_brings_a_missing_file_back(tmp_path: Path) -> None:
    file = tmp_path / "vestnik.db"
    await start(file)
    made = backup(f"sqlite:///{file}", None, NOW)
    file.unlink()
    restore(f"sqlite:///{file}", made, NOW)
    async with opened(f"sqlite:///{file}") as db, db.read() as tx:
        assert (await tx.execute(text("SELECT key FROM alert_sent"))).scalars().all() == ["kept"]


async def test_who_deletes_the_note_begins_anew(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    file = tmp_path / "vestnik.db"
    await start(file)
    file.unlink()
    note_of(file).unlink()
    caplog.clear()
    await start(file)
    assert [record.getMessage().split()[0] for record in caplog.records] == ["database.made"]


async def test_a_file_of_an_earlier_version_gets_its_note(tmp_path: Path) -> None:
    file = tmp_path / "vestnik.db"
    await start(file)
    note_of(file).unlink()
    async with opened(f"sqlite:///{file}"):
        assert "vestnik.db" in note_of(file).read_text(encoding="utf-8")


async def test_a_running_bot_makes_no_second_file(tmp_path: Path) -> None:
    file = tmp_path / "vestnik.db"
    await start(file)
    db, others = open_database(f"sqlite:///{file}"), {*threading.enumerate()}
    file.rename(tmp_path / "elsewhere.db")
    with pytest.raises(OperationalError, match="unable to open"):
        async with db.read() as tx:
            await tx.execute(text("SELECT 1"))
    await db.close()
    assert not file.exists()
    # The driver's thread has a last word for this loop; the loop's own threads last as long as the loop.
    while [each for each in {*threading.enumerate()} - others if "_connection_worker" in repr(each)]:
        await asyncio.sleep(0.01)


async def test_nobody_else_may_read_what_is_written(tmp_path: Path) -> None:
    file = tmp_path / "vestnik.db"
    async with opened(f"sqlite:///{file}") as db:
        async with db.write() as tx:
            await tx.execute(text("INSERT INTO alert_sent (bot_id, key, at) VALUES (1, 'kept', 1)"))
        made = backup(f"sqlite:///{file}", None, NOW)
        assert modes(tmp_path) == dict.fromkeys(
            ("vestnik.db", "vestnik.db-wal", "vestnik.db-shm", made.name), 0o600
        )
    restore(f"sqlite:///{file}", made, NOW)
    assert set(modes(tmp_path).values()) == {0o600}


async def test_the_group_keeps_its_rights_and_everybody_else_loses_them(tmp_path: Path) -> None:
    file = tmp_path / "vestnik.db"
    await start(file)
    file.chmod(0o644)
    async with opened(f"sqlite:///{file}"):
        made = backup(f"sqlite:///{file}", None, NOW)
        assert set(modes(tmp_path).values()) == {0o640}
    restore(f"sqlite:///{file}", made, NOW)
    assert set(modes(tmp_path).values()) == {0o640}
