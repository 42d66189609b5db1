"""A write-ahead log that a killed process left beside an SQLite file."""

from __future__ import annotations

import contextlib
import sqlite3
from pathlib import Path

from bot.model.errors import SetupError


def waiting_bytes(file: Path) -> int:
    """Return how much stands in the file's write-ahead log; 0 where there is none, or nothing in it."""
    with contextlib.suppress(OSError):
        return file.with_name(file.name + "-wal").stat().st_size
    return 0


def take_in(file: Path) -> None:
    """Move what was committed into the file, and cut the log. Raises SetupError where another process has it open."""
    with contextlib.closing(sqlite3.connect(file, timeout=0, isolation_level=None)) as db:
        try:
            # Alone: a checkpoint beside commits may lose one of them (`sqlite.may_lose_commits`).
            db.execute("PRAGMA locking_mode = EXCLUSIVE")
            db.execute("BEGIN EXCLUSIVE")
            db.execute("COMMIT")
            db.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        except sqlite3.OperationalError:
            raise SetupError(f"{file} is in use: the bot itself moves what stands in the log") from None
