"""`backup` and `restore`: the whole SQLite database as one file, also while the bot runs."""

from __future__ import annotations

import contextlib
import os
import sqlite3
from datetime import datetime
from pathlib import Path

from bot.model.errors import SetupError
from bot.store.database import is_sqlite, read_url


def backup(database_url: str, target: Path | None, now: datetime) -> Path:
    """Copy the database to `target` and return where it is.

    The copy is one consistent moment, whatever is being written meanwhile, and appears whole or not at
    all. Raises SetupError where it can't be made.
    """
    source = _file(database_url)
    if not source.exists():
        raise SetupError(f"there is no database at {source} yet")
    target = target or source.with_name(f"{source.stem}-{now:%Y%m%d-%H%M%S}.backup")
    half = target.with_name(target.name + ".part")
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        _copy(source, half)
        half.replace(target)
    except (OSError, sqlite3.Error) as error:
        raise SetupError(f"the backup could not be written to {target}: {error}") from None
    finally:
        with contextlib.suppress(OSError):
            half.unlink()
    return target


def restore(database_url: str, backup_file: Path, now: datetime) -> Path | None:
    """Put a backup in the database's place; return where the former one was laid aside, if any.

    Raises SetupError where the backup is damaged or none, or the bot is running.
    """
    target = _file(database_url)
    _check(backup_file)
    aside = target.with_name(f"{target.stem}-{now:%Y%m%d-%H%M%S}.replaced") if target.exists() else None
    half = target.with_name(target.name + ".part")
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        if aside:
            _refuse_while_in_use(target)
            # A copy through SQLite takes along what is still in the write-ahead log beside the file.
            _copy(target, aside)
        _copy(backup_file, half)
        for beside in ("-wal", "-shm"):
            Path(f"{target}{beside}").unlink(missing_ok=True)
        half.replace(target)
    except (OSError, sqlite3.Error) as error:
        raise SetupError(f"the backup could not be restored to {target}: {error}") from None
    finally:
        with contextlib.suppress(OSError):
            half.unlink()
    return aside


def _file(database_url: str) -> Path:
    url = read_url(database_url)
    if not is_sqlite(url) or not url.database:
        raise SetupError("backup and restore are for SQLite; for PostgreSQL use pg_dump and pg_restore")
    return Path(url.database)


def _read_only(file: Path) -> sqlite3.Connection:
    return sqlite3.connect(f"{file.absolute().as_uri()}?mode=ro", uri=True)


def _copy(source: Path, target: Path) -> None:
    with (
        contextlib.closing(_read_only(source)) as old,
        contextlib.closing(sqlite3.connect(target)) as new,
    ):
        old.backup(new)
        new.execute("PRAGMA journal_mode = DELETE")
    with target.open("rb") as copied:
        os.fsync(copied.fileno())


def _check(backup_file: Path) -> None:
    if not backup_file.is_file():
        raise SetupError(f"there is no backup at {backup_file}")
    try:
        with contextlib.closing(_read_only(backup_file)) as db:
            sound = db.execute("PRAGMA quick_check").fetchone() == ("ok",)
            ours = db.execute("SELECT 1 FROM sqlite_master WHERE name = 'alembic_version'").fetchone()
    except sqlite3.Error:
        sound, ours = False, None
    if not (sound and ours):
        raise SetupError(f"{backup_file} is not a sound backup of Vestnik; nothing was changed")


def _refuse_while_in_use(target: Path) -> None:
    """SQLite alone knows who has the file open: without the WAL's exclusive lock somebody has."""
    with contextlib.closing(sqlite3.connect(target, timeout=0, isolation_level=None)) as db:
        try:
            db.execute("PRAGMA locking_mode = EXCLUSIVE")
            db.execute("BEGIN EXCLUSIVE")
            db.execute("COMMIT")
        except sqlite3.OperationalError:
            raise SetupError("the bot is running: stop it, then restore") from None
