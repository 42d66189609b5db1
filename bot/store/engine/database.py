"""The handle to the database, and its transactions.

SQLite has one writer and many readers: a single connection that begins IMMEDIATE, beside a pool that
only reads. PostgreSQL has one pool for both.
"""

from __future__ import annotations

import re
from collections.abc import AsyncIterator
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from contextvars import ContextVar
from pathlib import Path
from typing import Any, cast

import orjson
from sqlalchemy import URL, make_url
from sqlalchemy.exc import ArgumentError, DataError, IntegrityError, ProgrammingError, SQLAlchemyError
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from bot.model.errors import SetupError
from bot.store.engine import postgres, sqlite
from bot.store.engine.checkpoints import Checkpoints

Transaction = AsyncConnection
"""A transaction under way. Every function of the store takes one first; who calls says where it begins and ends."""

UNAVAILABLE = (SQLAlchemyError, OSError)
"""What a statement raises where the database is locked, its disk full, or its server gone."""

_MISTAKES = (IntegrityError, ProgrammingError, DataError)
"""Those of them that say that the statement itself is wrong, whenever it is tried."""

_written: ContextVar[int] = ContextVar("written", default=0)


class Database:
    """Both ways into one database: `writer` for transactions that change it, `reader` for the rest."""

    def __init__(self, writer: AsyncEngine, reader: AsyncEngine, url: URL) -> None:
        self.writer = writer
        self.reader = reader
        self.url = url
        alone = writer.begin if sqlite.may_lose_commits() else None
        self._checkpoints = Checkpoints(url.database, alone) if url.database and is_sqlite(url) else None

    def read(self) -> AbstractAsyncContextManager[Transaction, None]:
        """Begin a transaction that changes nothing and sees a single moment of the database."""
        return cast(AbstractAsyncContextManager[Transaction, None], self.reader.connect())

    def write(
        self, *, durable: bool = False, checked: bool = True
    ) -> AbstractAsyncContextManager[Transaction, None]:
        """Begin a transaction that happens whole or, where anything is raised in it, not at all.

        A cancelled caller's transaction is undone, once the statement under way has ended. What is `durable`
        is on the disk before the transaction ends: for what a power cut must not undo. Unless `checked`,
        nobody looks whether what a new row refers to is there: for many rows that refer only to what the
        same statement reads.
        """
        # The type says that a transaction swallows no exception, which mypy can't see by itself.
        return cast(
            AbstractAsyncContextManager[Transaction, None], self._write(durable=durable, checked=checked)
        )

    @asynccontextmanager
    async def _write(self, **options: bool) -> AsyncIterator[Transaction]:
        async with self.writer.connect() as tx:
            if is_sqlite(self.url):
                await tx.execution_options(**sqlite.options(**options))
            async with tx.begin():
                yield tx
        _written.set(_written.get() + 1)
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
        engine = postgres.open_engine(url, json_serializer=_dump_json)
        return Database(engine, engine, url)
    writer = sqlite.open_engine(url, sqlite.WRITE, pool_size=1, max_overflow=0, json_serializer=_dump_json)
    reader = sqlite.open_engine(url, sqlite.READ, pool_size=4, max_overflow=4, json_serializer=_dump_json)
    return Database(writer, reader, url)


def read_url(address: str) -> URL:
    """Return `address` with the driver that Vestnik uses. The message never holds a password."""
    try:
        url = make_url(address)
        if "@" in (url.host or ""):
            # The rest of a password, which would be told as a host that is not known.
            raise ValueError
    except (ArgumentError, ValueError):
        raise SetupError(
            "DATABASE_URL is not a database's address; in a password write @ as %40, : as %3A and / as %2F"
        ) from None
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


def as_written(address: str) -> str:
    """Return a database's address as the operator wrote it, without its password."""
    # Up to the last @: a password may hold signs that a reader of addresses takes for its end.
    address = re.sub(r"(?<=://)([^:/@]*):.*@", r"\1:…@", address, flags=re.DOTALL)
    return re.sub(r"(?i)(?<=[?&])(\w*(?:pass|secret|key)\w*)=[^&]*", r"\1=…", address)


def is_sqlite(url: URL) -> bool:
    """Return whether the address is an SQLite file's."""
    return url.get_backend_name() == "sqlite"


def is_outage(error: BaseException) -> bool:
    """Return whether the database was locked, full or gone, so that the same can be done later."""
    return isinstance(error, UNAVAILABLE) and not isinstance(error, _MISTAKES)


def written_here() -> int:
    """Return how many transactions the task that asks has written so far."""
    return _written.get()


def why(error: Exception) -> str:
    """Return what the database itself said, in one line and without the statement and its values."""
    said = str(getattr(error, "orig", None) or error).strip()
    return (said.splitlines() or [type(error).__name__])[0]


def _dump_json(value: Any) -> str:
    return orjson.dumps(value).decode()
