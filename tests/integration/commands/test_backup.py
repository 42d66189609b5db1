import contextlib
import sqlite3
from datetime import UTC, datetime
from pathlib import Path

import pytest
from sqlalchemy import text

from bot.commands.storage.backup import backup, restore
from bot.model.errors import SetupError
from bot.store.engine.database import Database

NOW = datetime(2026, 5, 4, 3, 2, 1, tzinfo=UTC)


async def put(db: Database, key: str) -> None:
    async with db.writer.begin() as tx:
        await tx.execute(text("INSERT INTO alert_sent (bot_id, key, at) VALUES (1, :key, 1)"), {"key": key})


def keys(file: Path) -> list[str]:
    with contextlib.closing(sqlite3.connect(file)) as db:
        return [key for (key,) in db.execute("SELECT key FROM alert_sent ORDER BY key")]


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
    with pytest.raises(SetupError, match="not a backup of Vestnik"):
        restore(address(sqlite_db), broken, NOW)
    assert sqlite_db.file
    assert keys(sqlite_db.file) == ["kept"]


@pytest.mark.parametrize(
    ("statement", "says"),
    [
        ("DROP TABLE article", "not a backup of Vestnik"),
        ("DELETE FROM alembic_version", "not a backup of Vestnik"),
        ("UPDATE alembic_version SET version_num = '9999'", "a newer version of Vestnik .it is at 9999."),
    ],
)
async def test_what_is_not_ours_changes_nothing(sqlite_db: Database, statement: str, says: str) -> None:
    await put(sqlite_db, "kept")
    other = backup(address(sqlite_db), None, NOW)
    with contextlib.closing(sqlite3.connect(other)) as db:
        db.execute(statement)
        db.commit()
    await sqlite_db.close()
    with pytest.raises(SetupError, match=says):
        restore(address(sqlite_db), other, NOW)
    assert sqlite_db.file
    assert keys(sqlite_db.file) == ["kept"]


async def test_a_folder_that_cannot_be_written_is_named(sqlite_db: Database, tmp_path: Path) -> None:
    in_the_way = tmp_path / "file"
    in_the_way.write_text("")
    with pytest.raises(SetupError, match="could not be written"):
        backup(address(sqlite_db), in_the_way / "x.backup", NOW)


async def test_a_backup_replaces_nothing_but_an_older_one(sqlite_db: Database, tmp_path: Path) -> None:
    assert sqlite_db.file
    settings, older = tmp_path / ".env", tmp_path / "day.backup"
    settings.write_text("BOT_TOKEN=123456:abc", encoding="utf-8")
    for target, said in (
        (sqlite_db.file, "is the database itself"),
        (settings, "is there already and is no backup"),
        (tmp_path, "is a folder"),
    ):
        with pytest.raises(SetupError, match=said):
            backup(address(sqlite_db), target, NOW)
    assert settings.read_text(encoding="utf-8") == "BOT_TOKEN=123456:abc"
    for _ in range(2):
        assert backup(address(sqlite_db), older, NOW) == older


def test_there_must_be_something_to_back_up(tmp_path: Path) -> None:
    with pytest.raises(SetupError, match="no database"):
        backup(f"sqlite:///{tmp_path / 'none.db'}", None, NOW)


async def test_a_damaged_copy_is_refused_and_removed(sqlite_db: Database, tmp_path: Path) -> None:
    for number in range(30):
        await put(sqlite_db, f"{number} " + "words " * 20)
    await sqlite_db.close()
    assert sqlite_db.file
    with contextlib.closing(sqlite3.connect(sqlite_db.file)) as db:
        db.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        root = db.execute("SELECT rootpage FROM sqlite_master WHERE name = 'alert_sent'").fetchone()[0]
        size = db.execute("PRAGMA page_size").fetchone()[0]
    with sqlite_db.file.open("r+b") as file:
        file.seek((root - 1) * size + size // 2)
        file.write(b"\xff" * (size // 2))
    target = tmp_path / "copies" / "kept.backup"
    target.parent.mkdir()
    target.write_bytes(b"SQLite format 3\0: an earlier backup")
    with pytest.raises(SetupError, match=r"no backup was made: the copy of .* is damaged"):
        backup(address(sqlite_db), target, NOW)
    assert [each.name for each in target.parent.iterdir()] == ["kept.backup"]
    assert target.read_bytes() == b"SQLite format 3\0: an earlier backup"
