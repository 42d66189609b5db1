"""How an SQLite file is opened and its transactions begin, and a driver that takes few steps for a statement."""

from __future__ import annotations

import asyncio
import logging
import sqlite3
from collections.abc import Iterable, Sequence
from functools import partial
from pathlib import Path
from typing import Any, NamedTuple

import aiosqlite
from sqlalchemy import Connection, event
from sqlalchemy.ext.asyncio import AsyncEngine, create_async_engine

BUSY_TIMEOUT_MS = 10_000
LOG_BYTES = 64 * 1024 * 1024
LATE_PAGES = LOG_BYTES // 4096

# At DEBUG it logs each statement with its values: what people wrote, with whatever secrets they let slip.
logging.getLogger("aiosqlite").setLevel(logging.INFO)
Version = tuple[int, int, int]

_MENDED: tuple[tuple[Version, Version], ...] = (
    ((3, 44, 6), (3, 45, 0)),
    ((3, 50, 7), (3, 51, 0)),
    ((3, 51, 3), (99, 0, 0)),
)

READ, WRITE = "BEGIN", "BEGIN IMMEDIATE"
"""How a transaction begins that only reads, and one that keeps other writers out."""

_NO_PARAMETERS: tuple[Any, ...] = ()
_PRAGMAS = "vestnik_pragmas"
"""A transaction's option, and what its driver's connection was last told."""


def open_engine(url: Any, begin: str, **options: Any) -> AsyncEngine:
    """Return an engine on a file; nothing is connected yet. `begin` is the statement that begins a transaction."""
    engine = create_async_engine(
        url,
        connect_args={"async_creator_fn": _connect},
        # What was begun is committed or rolled back by who began it.
        pool_reset_on_return=None,
        **options,
    )
    event.listen(engine.sync_engine, "connect", _set_up)
    event.listen(engine.sync_engine, "begin", partial(_begin, begin))
    return engine


AFFECTED = (
    f"SQLite {sqlite3.sqlite_version} has the WAL-reset bug (mended in 3.51.3): Vestnik keeps writers out of "
    "checkpoints, other programs that write into the file may not"
)
"""What an operator should know of a version that `may_lose_commits`."""


def may_lose_commits(version: Version = sqlite3.sqlite_version_info) -> bool:
    """Return whether this SQLite has the WAL-reset bug, by which a checkpoint can lose what another connection commits.

    Versions from 3.7.0 to 3.51.2 have the bug; 3.44.6 and 3.50.7 are mended too (sqlite.org/wal.html, "The WAL-Reset
    Bug"). `Checkpoints` then keeps every writer out while it moves pages.
    """
    return not any(first <= version < end for first, end in _MENDED)


def options(*, durable: bool = False, checked: bool = True) -> dict[str, dict[str, str]]:
    """Return the execution options of a transaction.

    `durable` ones are on the disk before they end, or are not; unless `checked`, nobody looks whether what
    a new row refers to is there.
    """
    synchronous, foreign_keys = "FULL" if durable else "NORMAL", "ON" if checked else "OFF"
    return {_PRAGMAS: {"synchronous": synchronous, "foreign_keys": foreign_keys}}


class _Done(NamedTuple):
    """What there is to know of a statement that has run."""

    description: Any = None
    rowcount: int = -1
    lastrowid: int | None = None
    rows: Sequence[Any] = ()


class _Cursor:
    """A cursor that takes one step through the connection's thread, where aiosqlite's own takes four.

    Each step wakes two threads, and costs more than what SQLite does in most of them.
    """

    arraysize = 1

    def __init__(self, connection: _Connection) -> None:
        self._connection = connection
        self._done = _Done()

    async def __aenter__(self) -> _Cursor:
        return self

    @property
    def description(self) -> Any:
        """What the columns are, where the statement has any."""
        return self._done.description

    @property
    def rowcount(self) -> int:
        """How many rows were changed; -1 for a statement that changes none."""
        return self._done.rowcount

    @property
    def lastrowid(self) -> int | None:
        """The number that a row was last inserted under."""
        return self._done.lastrowid

    async def execute(self, sql: str, parameters: Iterable[Any] = _NO_PARAMETERS) -> _Cursor:
        """Run a statement, and fetch what it finds."""
        self._done = await self._connection.run(_one, sql, parameters)
        return self

    async def executemany(self, sql: str, parameters: Iterable[Any]) -> _Cursor:
        """Run a statement for each of the parameters."""
        self._done = await self._connection.run(_many, sql, parameters)
        return self

    async def fetchall(self) -> Sequence[Any]:
        """Return what was found."""
        return self._done.rows

    async def close(self) -> None:
        """Do nothing: SQLite's cursor was closed when its rows had been read."""


class _Connection(aiosqlite.Connection):
    """aiosqlite's connection with cursors that take one step for a statement.

    Where the file can't be opened, or the caller is cancelled before the connection is set up, the connection's thread
    ends first: nobody else would end it, and the thread has a last word for the event loop, which may be closed soon.
    """

    _stopped: asyncio.Future[Any] | None = None
    set_up = False
    """Whether the pool has the connection, and closes it."""
    begins = False
    """Whether the next statement is the first of a transaction that only reads."""

    def stop(self) -> asyncio.Future[Any] | None:
        """Let the thread end; done when it has."""
        self._stopped = super().stop()
        return self._stopped

    async def _connect(self) -> aiosqlite.Connection:
        try:
            return await super()._connect()
        except BaseException:
            if self._stopped is not None:
                await asyncio.wait([self._stopped])
            raise

    async def _execute(self, fn: Any, *args: Any, **kwargs: Any) -> Any:
        try:
            return await super()._execute(fn, *args, **kwargs)  # type: ignore[no-untyped-call]
        except BaseException:
            if not self.set_up:
                self.stop()
                if self._stopped is not None:
                    await asyncio.wait([self._stopped])
            raise

    def cursor(self) -> Any:
        """Return a cursor, at once."""
        return _Cursor(self)

    async def run(self, work: Any, sql: str, parameters: Any) -> _Done:
        """Do the work in the connection's thread."""
        if self.begins:
            work, self.begins = partial(_first, work), False
        done: _Done = await self._execute(work, self._conn, sql, parameters)
        return done


def _connect(path: str, **options: Any) -> _Connection:
    # A file that was taken away must not be made anew.
    address = f"{Path(path).absolute().as_uri()}?mode=rw"
    connection = _Connection(partial(_open, address, **options), iter_chunk_size=64)
    # As SQLAlchemy does for aiosqlite's own: a thread left over must not keep the process.
    connection._thread.daemon = True
    return connection


def _first(work: Any, connection: sqlite3.Connection, sql: str, parameters: Any) -> _Done:
    connection.execute(READ)
    done: _Done = work(connection, sql, parameters)
    return done


def _one(connection: sqlite3.Connection, sql: str, parameters: Any) -> _Done:
    return _read(connection.execute(sql, parameters))


def _many(connection: sqlite3.Connection, sql: str, parameters: Any) -> _Done:
    return _read(connection.executemany(sql, parameters))


def _read(cursor: sqlite3.Cursor) -> _Done:
    rows = cursor.fetchall() if cursor.description else ()
    done = _Done(cursor.description, cursor.rowcount, cursor.lastrowid, rows)
    cursor.close()
    return done


def _open(address: str, **options: Any) -> sqlite3.Connection:
    """Open the file and prepare the connection, in the connection's own thread."""
    # The driver must not begin transactions by itself: `_begin` says which kind.
    connection: sqlite3.Connection = sqlite3.connect(
        address, uri=True, **{**options, "isolation_level": None}
    )
    try:
        _prepare(connection)
    except BaseException:
        connection.close()
        raise
    return connection


def _set_up(connection: Any, _record: Any) -> None:
    """Note that the pool has the connection now: of those who listen, the last."""
    connection.driver_connection.set_up = True


def _prepare(connection: sqlite3.Connection) -> None:
    if connection.execute("PRAGMA page_count").fetchone() == (0,):
        # Heard by a file that has no table yet: `compact` turns it on in an older one.
        connection.execute("PRAGMA auto_vacuum = INCREMENTAL")
    for pragma in (
        f"busy_timeout = {BUSY_TIMEOUT_MS}",
        "journal_mode = WAL",
        "synchronous = NORMAL",
        "foreign_keys = ON",
        "temp_store = MEMORY",
        # `Checkpoints` moves pages sooner. A commit moves them so late, or where that may lose a commit, never.
        f"wal_autocheckpoint = {0 if may_lose_commits() else LATE_PAGES}",
        # A long reader lets the write-ahead log grow: it is cut back afterwards.
        f"journal_size_limit = {LOG_BYTES}",
    ):
        connection.execute(f"PRAGMA {pragma}")


def _begin(statement: str, connection: Connection) -> None:
    wanted = connection.get_execution_options().get(_PRAGMAS, {})
    told = connection.info.setdefault(_PRAGMAS, {})
    for pragma, value in wanted.items():
        if told.get(pragma) != value:
            # SQLite takes these pragmas only between transactions.
            connection.exec_driver_sql(f"PRAGMA {pragma} = {value}")
            told[pragma] = value
    if statement == READ:
        # It does nothing by itself, and goes with the first statement: a step less for each question.
        connection.connection.driver_connection.begins = True  # type: ignore[union-attr]
    else:
        connection.exec_driver_sql(statement)
