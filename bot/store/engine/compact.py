"""Lets an SQLite file shrink by itself: one that an earlier version made can't until it is written anew."""

from __future__ import annotations

import contextlib
import sqlite3
from pathlib import Path

AT_ONCE_BYTES = 64 * 1024 * 1024
"""What is smaller is written anew in about a second: no start need wait for more."""

_INCREMENTAL = 2


def compact(file: Path, most_bytes: int | None = None) -> bool:
    """Write the file anew so that the space of what is dropped is given back; return whether it can be now.

    Space is used again by what comes next in any case. Nothing is done to a file over `most_bytes`, nor to
    one that another process uses.
    """
    with contextlib.closing(sqlite3.connect(file, timeout=0, isolation_level=None)) as db:
        if db.execute("PRAGMA auto_vacuum").fetchone() == (_INCREMENTAL,):
            return True
        if most_bytes is not None and file.stat().st_size > most_bytes:
            return False
        try:
            # A checkpoint beside the bot's commits may lose one of them (`sqlite.may_lose_commits`).
            db.execute("PRAGMA wal_autocheckpoint = 0")
            db.execute("PRAGMA auto_vacuum = INCREMENTAL")
            db.execute("VACUUM")
        except sqlite3.OperationalError:
            return False
        return True
