import contextlib
import sqlite3
from datetime import UTC, datetime
from pathlib import Path

import pytest
from sqlalchemy import text

from bot.commands.backup import backup, restore
from bot.model.errors import SetupError
from bot.store.database import Database

NOW = datetime(2026, 5, 4, 3, 2, 1, tzinfo=UTC)


async def put(db: Database, key: str) -> None:
    async with db.writer.begin() as tx:
        await tx.execute(text("INSERT INTO told (key, at) VALUES (:key, 1)"), {"key": key})


def keys(file: Path) -> list[str]:
    with contextlib.closing(sqlite3.connect(file)) as db:
        return [key for (key,) in db.execute("SELECT key FROM told ORDER BY key")]


def address(db: Database) -> str:
    return f"sqlite:///{db.file}"


async def test_a_backup_made_while_the_bot_writes_holds_what_was_committed(sqlite_db: Database) -> None:
    await put(sqlite_db, "before")
    made = backup(address(sqlite_db), None, NOW)
    await put(sqlite_db, "after")
    assert keys(made) == ["before"]
    assert made.name == "vestnik-20260504-030201.backup"
    assert not list(made.parent.glob("*.part"))


async def test_what_is_restored_is_what_was_backed_up_and_the_former_is_kept(sqlite_db: Database) -> None:
    await put(sqlite_db, "before")
    made = backup(address(sqlite_db), None, NOW)
    await put(sqlite_db, "after")
    await sqlite_db.close()
    aside = restore(address(sqlite_db), made, NOW)
    assert sqlite_db.file
    assert keys(sqlite_db.file) == ["before"]
    assert aside
    assert keys(aside) == ["after", "before"]


async def test_nothing_is_restored_under_a_running_bot(sqlite_db: Database) -> None:
    await put(sqlite_db, "before")
    made = backup(address(sqlite_db), None, NOW)
    await put(sqlite_db, "after")
    with pytest.raises(SetupError, match="the bot is running"):
        restore(address(sqlite_db), made, NOW)
    assert sqlite_db.file
    assert keys(sqlite_db.file) == ["after", "before"]


@pytest.mark.parametrize("damage", [b"", b"not a database", b"half"])
async def test_a_damaged_backup_changes_nothing(sqlite_db: Database, tmp_path: Path, damage: bytes) -> None:
    await put(sqlite_db, "kept")
    made = backup(address(sqlite_db), None, NOW)
    broken = tmp_path / "broken.backup"
    broken.write_bytes(made.read_bytes()[: made.stat().st_size // 2] if damage == b"half" else damage)
    await sqlite_db.close()
    with pytest.raises(SetupError, match="not a sound backup"):
        restore(address(sqlite_db), broken, NOW)
    assert sqlite_db.file
    assert keys(sqlite_db.file) == ["kept"]


async def test_a_folder_that_cannot_be_written_is_named(sqlite_db: Database, tmp_path: Path) -> None:
    in_the_way = tmp_path / "file"
    in_the_way.write_text("")
    with pytest.raises(SetupError, match="could not be written"):
        backup(address(sqlite_db), in_the_way / "x.backup", NOW)


def test_there_must_be_something_to_back_up(tmp_path: Path) -> None:
    with pytest.raises(SetupError, match="no database"):
        backup(f"sqlite:///{tmp_path / 'none.db'}", None, NOW)
