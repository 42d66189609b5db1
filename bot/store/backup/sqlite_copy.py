"""One consistent copy of an SQLite file, also while the bot writes, and whether a copy is sound.

SQLite's own online backup (sqlite.org/backup.html) inside one transaction that reads: the copy is that moment's.
"""

from __future__ import annotations

import contextlib
import os
import sqlite3
from pathlib import Path

from bot.log import phrase
from bot.store.backup.stop import Stop
from bot.store.engine.migrate import revisions

STEP_PAGES, STEPS = 4096, 100_000
"""How many pages are copied, and how many steps of a statement are made, between two looks at the stop."""

IN_MEMORY_BYTES = 256 * 1024 * 1024
"""A larger copy is checked where it lies, and not restored into memory."""

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

Counts = dict[str, int]
"""How many rows each table has."""


def mode_of(file: Path) -> int:
    """Return the mode of a copy: the group may do with it what it may do with the file, others nothing."""
    return file.stat().st_mode & 0o660


def size_of(file: Path) -> int:
    """Return the bytes of a file with what waits beside it."""
    log = file.with_name(file.name + "-wal")
    return file.stat().st_size + (log.stat().st_size if log.exists() else 0)


def copy(source: Path, target: Path, mode: int, stop: Stop | None = None) -> Counts:
    """Copy the database to `target`, which is on the disk then; return what it must hold.

    Raises OSError and sqlite3.Error where it can't be copied, Stopped where it was told to end.
    """
    stop = stop or Stop()
    target.unlink(missing_ok=True)
    # What stands there again now is somebody else's, and may be a link that leads the copy away.
    made = os.open(target, os.O_CREAT | os.O_EXCL | os.O_WRONLY, mode)
    try:
        os.fchmod(made, mode)
    finally:
        os.close(made)
    with contextlib.closing(read_only(source)) as old, contextlib.closing(sqlite3.connect(target)) as new:
        old.isolation_level = None
        old.execute("BEGIN")
        counts = _counts(old)
        old.backup(new, pages=STEP_PAGES, progress=stop.look)
        old.execute("ROLLBACK")
        new.execute("PRAGMA journal_mode = DELETE")
    with target.open("rb") as copied:
        os.fsync(copied.fileno())
    return counts


def read_only(file: Path) -> sqlite3.Connection:
    """Return a connection that changes nothing."""
    return sqlite3.connect(f"{file.absolute().as_uri()}?mode=ro", uri=True)


def damage(file: Path, counts: Counts | None = None, stop: Stop | None = None) -> str:
    """Return in words what is wrong with a copy, restored into memory where it is small; empty for a sound one.

    Without `counts` nobody says how many rows there must be.
    """
    stop = stop or Stop()
    try:
        with contextlib.closing(_restored(file, stop)) as db:
            db.set_progress_handler(stop.busy, STEPS)
            return _damage(db, counts)
    except sqlite3.Error as error:
        stop.look()
        return phrase(str(error))


def orphans(file: Path) -> str:
    """Return in words a row that refers to what is not there: a fault of the database, not of its copy."""
    with contextlib.closing(read_only(file)) as db:
        found = db.execute("PRAGMA foreign_key_check").fetchone()
    return f"a row of {found[0]} refers to a {found[2]} that is not there" if found else ""


def revision_of(file: Path) -> str:
    """Return at which revision of the tables the file stands; empty where it is no database of Vestnik."""
    try:
        with contextlib.closing(read_only(file)) as db:
            tables = {name for (name,) in db.execute("SELECT name FROM sqlite_master WHERE type = 'table'")}
            found = [revision for (revision,) in db.execute("SELECT version_num FROM alembic_version")]
    except sqlite3.Error:
        return ""
    return found[0] if len(found) == 1 and tables >= TABLES else ""


def _restored(file: Path, stop: Stop) -> sqlite3.Connection:
    there = read_only(file)
    if file.stat().st_size > IN_MEMORY_BYTES:
        return there
    with contextlib.closing(there):
        memory = sqlite3.connect(":memory:")
        there.backup(memory, pages=STEP_PAGES, progress=stop.look)
        return memory


def _damage(db: sqlite3.Connection, counts: Counts | None) -> str:
    (said,) = db.execute("PRAGMA integrity_check(1)").fetchone()
    if said != "ok":
        return phrase(said)
    if counts is None:
        return ""
    (revision,) = db.execute("SELECT version_num FROM alembic_version").fetchone()
    if revision not in revisions():
        return f"its tables are at {phrase(revision)}, which this version does not know"
    found = _counts(db)
    wrong = [name for name, rows in counts.items() if found.get(name) != rows]
    return ", ".join(f"{name} has {found.get(name)} rows, not {counts[name]}" for name in wrong[:3])


def _counts(db: sqlite3.Connection) -> Counts:
    """Count the rows of what is a table of its own: not those of an index of full text."""
    listed = "SELECT name FROM sqlite_master WHERE type = 'table' AND sql NOT LIKE 'CREATE VIRTUAL%'"
    names = [name for (name,) in db.execute(listed)]
    return {name: db.execute(f'SELECT count(*) FROM "{name}"').fetchone()[0] for name in names}  # noqa: S608
