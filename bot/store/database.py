"""The handle to the database, and what makes a function one transaction.

SQLite has one writer and many readers: a single connection that begins IMMEDIATE, beside a pool that
only reads. PostgreSQL has one pool for both.
"""

from __future__ import annotations

import asyncio
import functools
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any, Concatenate, ParamSpec, TypeVar

import orjson
from sqlalchemy import URL, make_url
from sqlalchemy.exc import ArgumentError, SQLAlchemyError
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine, create_async_engine

from bot.model.errors import SetupError
from bot.store import sqlite
from bot.store.checkpoints import Checkpoints

P = ParamSpec("P")
T = TypeVar("T")

UNAVAILABLE = (SQLAlchemyError, OSError)
"""What a statement raises where the database is locked, its disk full, or its server gone."""


class Database:
    """Both ways into one database: `writer` for transactions that change it, `reader` for the rest."""

    def __init__(self, writer: AsyncEngine, reader: AsyncEngine, url: URL) -> None:
        self.writer = writer
        self.reader = reader
        self.url = url
        self._checkpoints = Checkpoints(url.database) if url.database and is_sqlite(url) else None

    def wrote(self) -> None:
        """Say that something was committed."""
        if self._checkpoints is not None:
            self._checkpoints.wrote()

    @property
    def file(self) -> Path | None:
        """The SQLite file, or None on PostgreSQL."""
        return Path(self.url.database) if self.url.database and is_sqlite(self.url) else None

    async def close(self) -> None:
        """Close all connections."""
        if self._checkpoints is not None:
            await self._checkpoints.close()
        await self.writer.dispose()
        if self.reader is not self.writer:
            await self.reader.dispose()


def open_database(address: str) -> Database:
    """Return a handle to `address`; nothing is connected yet.

    Raises SetupError for an address that names no SQLite file and no PostgreSQL server.
    """
    url = read_url(address)
    if not is_sqlite(url):
        engine = create_async_engine(
            url, pool_size=10, max_overflow=10, pool_pre_ping=True, json_serializer=_dump_json
        )
        return Database(engine, engine, url)
    writer = sqlite.open_engine(
        url, "BEGIN IMMEDIATE", pool_size=1, max_overflow=0, json_serializer=_dump_json
    )
    reader = sqlite.open_engine(url, "BEGIN", pool_size=4, max_overflow=4, json_serializer=_dump_json)
    return Database(writer, reader, url)


def read_url(address: str) -> URL:
    """Return `address` with the driver that Vestnik uses. The message never holds a password."""
    try:
        url = make_url(address)
    except ArgumentError:
        raise SetupError("DATABASE_URL is not a database's address") from None
    drivers = {
        "sqlite": "sqlite+aiosqlite",
        "sqlite+aiosqlite": "sqlite+aiosqlite",
        "postgres": "postgresql+asyncpg",
        "postgresql": "postgresql+asyncpg",
        "postgresql+asyncpg": "postgresql+asyncpg",
    }
    if url.drivername not in drivers:
        raise SetupError(f"DATABASE_URL: {url.drivername!r} is not supported; use sqlite or postgresql")
    if url.drivername.startswith("sqlite") and url.database in (None, "", ":memory:"):
        raise SetupError("DATABASE_URL: a SQLite file is wanted, such as sqlite:///data/vestnik.db")
    return url.set(drivername=drivers[url.drivername])


def is_sqlite(url: URL) -> bool:
    """Return whether the address is an SQLite file's."""
    return url.get_backend_name() == "sqlite"


def reads(
    function: Callable[Concatenate[AsyncConnection, P], Awaitable[T]],
) -> Callable[Concatenate[Database, P], Awaitable[T]]:
    """Make a function of a connection into one of a `Database` that sees a single moment of it."""

    @functools.wraps(function)
    async def reading(db: Database, /, *args: P.args, **kwargs: P.kwargs) -> T:
        async with db.reader.connect() as tx:
            return await function(tx, *args, **kwargs)

    return reading


def writes(
    function: Callable[Concatenate[AsyncConnection, P], Awaitable[T]],
) -> Callable[Concatenate[Database, P], Awaitable[T]]:
    """Make a function of a connection into one of a `Database` that happens whole or not at all.

    A caller that is cancelled waits for the transaction's end first: half-way, it would hold the only
    writer until the driver noticed.
    """
    return _writing(function)


def writes_durably(
    function: Callable[Concatenate[AsyncConnection, P], Awaitable[T]],
) -> Callable[Concatenate[Database, P], Awaitable[T]]:
    """Like `writes`, and on the disk before it returns: for what a power cut must not undo."""
    return _writing(function, durable=True)


def writes_unchecked(
    function: Callable[Concatenate[AsyncConnection, P], Awaitable[T]],
) -> Callable[Concatenate[Database, P], Awaitable[T]]:
    """Like `writes`, for many new rows that refer only to what the same statement reads: nobody looks again."""
    return _writing(function, checked=False)


def _writing(
    function: Callable[Concatenate[AsyncConnection, P], Awaitable[T]], **options: bool
) -> Callable[Concatenate[Database, P], Awaitable[T]]:
    @functools.wraps(function)
    async def writing(db: Database, /, *args: P.args, **kwargs: P.kwargs) -> T:
        async def transaction() -> T:
            async with db.writer.connect() as tx:
                if is_sqlite(db.url):
                    await tx.execution_options(**sqlite.options(**options))
                async with tx.begin():
                    made = await function(tx, *args, **kwargs)
            db.wrote()
            return made

        return await finish(transaction())

    return writing


async def finish(work: Awaitable[T]) -> T:
    """Await `work` to its end even when the caller is cancelled meanwhile; then let the cancel through."""
    task = asyncio.ensure_future(work)
    try:
        return await asyncio.shield(task)
    except asyncio.CancelledError:
        if not task.done():
            await asyncio.wait([task])
        if not task.cancelled():
            task.exception()
        raise


def why(error: Exception) -> str:
    """Return what the database itself said, in one line and without the statement and its values."""
    said = str(getattr(error, "orig", None) or error).strip()
    return (said.splitlines() or [type(error).__name__])[0]


def _dump_json(value: Any) -> str:
    return orjson.dumps(value).decode()
