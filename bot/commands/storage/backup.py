"""`backup` and `restore`: the whole SQLite database as one file, also while the bot runs."""

from __future__ import annotations

import contextlib
import os
import sqlite3
from datetime import datetime
from pathlib import Path

from bot.log import phrase
from bot.model.errors import SetupError
from bot.store.engine.database import is_sqlite, read_url
from bot.store.engine.database_file import make_file
from bot.store.engine.migrate import revisions

TABLES = {
    "article",
    "article_topic",
    "revision",
    "bulletin",
    "chat",
    "delivery",
    "message",
    "subscription",
    "topic",
}
"""Tables that a database of every version has."""


def backup(database_url: str, target: Path | None, now: datetime) -> Path:
    """Copy the database to `target` and return where it is.

    The copy is one consistent moment, whatever is being written meanwhile, and appears whole or not at
    all: a damaged one is removed. Raises SetupError where the copy can't be made, or is damaged.
    """
    source = _file(database_url)
    if not source.exists():
        raise SetupError(f"there is no database at {source} yet: the first start of the bot makes it")
    target = target or source.with_name(f"{source.stem}-{now:%Y%m%d-%H%M%S}.backup")
    half = target.with_name(target.name + ".part")
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        _copy(source, half, _mode(source))
        if damage := _damage(half):
            raise SetupError(
                f"no backup was made: the copy of {source} is damaged ({damage}); keep your earlier backups, "
                "stop the bot, and restore the newest of them that is sound"
            )
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
    mode = _mode(target) if aside else 0o600
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        if aside:
            _refuse_while_in_use(target)
            # A copy through SQLite takes along what is still in the write-ahead log beside the file.
            _copy(target, aside, mode)
        _copy(backup_file, half, mode)
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


def _mode(file: Path) -> int:
    """Return the mode of a copy: the group may do with it what it may do with the file, others nothing."""
    return file.stat().st_mode & 0o660


def _copy(source: Path, target: Path, mode: int) -> None:
    target.unlink(missing_ok=True)
    make_file(target, mode)
    target.chmod(mode)
    with (
        contextlib.closing(_read_only(source)) as old,
        contextlib.closing(sqlite3.connect(target)) as new,
    ):
        old.backup(new)
        new.execute("PRAGMA journal_mode = DELETE")
    with target.open("rb") as copied:
        os.fsync(copied.fileno())


def _damage(file: Path) -> str:
    """Return the first thing that SQLite finds wrong in the file, in its words; empty for a sound file."""
    try:
        with contextlib.closing(_read_only(file)) as db:
            (said,) = db.execute("PRAGMA integrity_check(1)").fetchone()
    except sqlite3.Error as error:
        said = str(error)
    return "" if said == "ok" else phrase(said)


def _check(backup_file: Path) -> None:
    if not backup_file.is_file():
        raise SetupError(f"there is no backup at {backup_file}")
    try:
        sound = not _damage(backup_file)
        with contextlib.closing(_read_only(backup_file)) as db:
            tables = {name for (name,) in db.execute("SELECT name FROM sqlite_master WHERE type = 'table'")}
            found = [revision for (revision,) in db.execute("SELECT version_num FROM alembic_version")]
    except sqlite3.Error:
        sound, tables, found = False, set(), []
    if not (sound and len(found) == 1 and tables >= TABLES):
        raise SetupError(f"{backup_file} is damaged, or is not a backup of Vestnik; nothing was changed")
    if found[0] not in revisions():
        raise SetupError(
            f"{backup_file} was made by a newer version of Vestnik (it is at {found[0]}); nothing was changed"
        )


def _refuse_while_in_use(target: Path) -> None:
    """SQLite alone knows who has the file open: without the WAL's exclusive lock somebody has."""
    with contextlib.closing(sqlite3.connect(target, timeout=0, isolation_level=None)) as db:
        try:
            db.execute("PRAGMA locking_mode = EXCLUSIVE")
            db.execute("BEGIN EXCLUSIVE")
            db.execute("COMMIT")
        except sqlite3.OperationalError:
            raise SetupError("the bot is running: stop the bot, then restore") from None
