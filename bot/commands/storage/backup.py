"""`backup` and `restore`: the whole database as one file, also while the bot runs."""

from __future__ import annotations

import contextlib
import sqlite3
from datetime import datetime
from pathlib import Path

from bot.model.errors import SetupError
from bot.store.backup.backups import make_backup
from bot.store.backup.sqlite_copy import copy, damage, mode_of, revision_of
from bot.store.engine.database import is_sqlite, read_url
from bot.store.engine.database_file import make_folder
from bot.store.engine.migrate import revisions

BACKUPS_BEGIN = (b"SQLite format 3\0", b"PGDMP")
"""The first bytes of an SQLite file (sqlite.org/fileformat2.html) and of a dump of pg_dump's."""


def backup(database_url: str, target: Path | None, now: datetime) -> Path:
    """Copy the database to `target` and return where it is.

    The copy is one consistent moment, whatever is being written meanwhile, and appears whole or not at
    all: a damaged one is removed. Raises SetupError where the copy can't be made, or is damaged.
    """
    url = read_url(database_url)
    if is_sqlite(url):
        source = _file(database_url)
        if not source.exists():
            raise SetupError(f"there is no database at {source} yet: the first start of the bot makes it")
        target = target or source.with_name(f"{source.stem}-{now:%Y%m%d-%H%M%S}.backup")
        if target.exists() and target.samefile(source):
            raise SetupError(f"{target} is the database itself: name another file for the backup")
    target = target or Path(f"{url.database}-{now:%Y%m%d-%H%M%S}.dump")
    _refuse_to_replace(target)
    try:
        make_folder(target.parent)
    except OSError as error:
        raise SetupError(f"the backup could not be written to {target}: {error}") from None
    make_backup(database_url, target)
    return target


def _refuse_to_replace(target: Path) -> None:
    """Raise SetupError where the file that is there is no backup: a slip of the hand must cost nobody `.env`."""
    try:
        if target.is_dir():
            raise SetupError(f"{target} is a folder: name a file in it")
        if not target.exists() or not target.is_file():
            return
        with target.open("rb") as file:
            begins = file.read(16)
    except OSError as error:
        raise SetupError(f"the backup could not be written to {target}: {error.strerror}") from None
    if begins and not begins.startswith(BACKUPS_BEGIN):
        raise SetupError(f"{target} is there already and is no backup: name another file")


def restore(database_url: str, backup_file: Path, now: datetime) -> Path | None:
    """Put a backup in the database's place; return where the former one was laid aside, if any.

    Raises SetupError where the backup is damaged or none, or the bot is running.
    """
    target = _file(database_url)
    _check(backup_file)
    aside = target.with_name(f"{target.stem}-{now:%Y%m%d-%H%M%S}.replaced") if target.exists() else None
    half = target.with_name(target.name + ".part")
    mode = mode_of(target) if aside else 0o600
    try:
        make_folder(target.parent)
        if aside:
            _refuse_while_in_use(target)
            # A copy through SQLite takes along what is still in the write-ahead log beside the file.
            copy(target, aside, mode)
        copy(backup_file, half, mode)
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
        raise SetupError("restore is for SQLite; for PostgreSQL use pg_restore: see docs/backup.md")
    return Path(url.database)


def _check(backup_file: Path) -> None:
    if not backup_file.is_file():
        raise SetupError(f"there is no backup at {backup_file}")
    revision = revision_of(backup_file)
    if not revision or damage(backup_file):
        raise SetupError(f"{backup_file} is damaged, or is not a backup of Vestnik; nothing was changed")
    if revision not in revisions():
        raise SetupError(
            f"{backup_file} was made by a newer version of Vestnik (it is at {revision}); nothing was changed"
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
