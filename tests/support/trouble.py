"""Trouble with a database on one way into it, the bot's: the test's own way stays sound."""

from __future__ import annotations

import sqlite3
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from typing import Any

import asyncpg
from sqlalchemy import event, make_url, text
from sqlalchemy.exc import OperationalError

from bot.store.engine.database import Database
from bot.store.engine.schema import metadata

WRITES = ("INSERT", "UPDATE", "DELETE")
KINDS = ("locked", "full", "read-only")


class FileTrouble:
    """What may be wrong with an SQLite file, begun and ended at will."""

    def __init__(self, db: Database) -> None:
        self.db = db
        self._kind = ""
        self._good = self._left = 0
        self._other = sqlite3.connect(db.file or "", isolation_level=None, check_same_thread=False)
        event.listen(db.writer.sync_engine, "checkout", self._checked_out)
        event.listen(db.writer.sync_engine, "before_cursor_execute", self._executes)

    @contextmanager
    def of(self, kind: str) -> Iterator[None]:
        """Let another program have the file `locked`, the disk be `full`, or the file `read-only`."""
        self._kind = kind
        try:
            yield
        finally:
            self.end()

    def creep(self) -> None:
        """Let the first statement fail that writes, then the second of the next try, and so on."""
        self._kind, self._good, self._left = "creeping", 0, 0

    def end(self) -> None:
        """Let all be well again."""
        self._kind = ""
        if self._other.in_transaction:
            self._other.execute("ROLLBACK")

    def close(self) -> None:
        """Make no trouble any more."""
        self.end()
        self._other.close()

    def _checked_out(self, connection: Any, *_: Any) -> None:
        cursor = connection.cursor()
        # Whoever runs the tests may be allowed to write anywhere, whatever the file's mode says.
        cursor.execute(f"PRAGMA query_only = {int(self._kind == 'read-only')}")
        cursor.execute("PRAGMA page_count")
        # A file that may not grow is what SQLite takes for a full disk.
        pages = cursor.fetchone()[0] if self._kind == "full" else 1 << 30
        cursor.execute(f"PRAGMA max_page_count = {pages}")
        cursor.execute(f"PRAGMA busy_timeout = {1 if self._kind == 'locked' else 10_000}")
        cursor.close()
        if self._kind == "locked" and not self._other.in_transaction:
            self._other.execute("BEGIN IMMEDIATE")

    def _executes(self, _connection: Any, _cursor: Any, statement: str, *_: Any) -> None:
        if self._kind != "creeping" or not statement.startswith(WRITES):
            return
        self._left -= 1
        if self._left < 0:
            self._good += 1
            self._left = self._good
            raise OperationalError(statement, {}, sqlite3.OperationalError("disk I/O error"))


class Server:
    """A PostgreSQL server on which one role, the bot's, can be turned away."""

    ROLE = "vestnik_turned_away"

    def __init__(self, address: str, url: str) -> None:
        self._address = address
        self.url = make_url(url).set(username=self.ROLE).render_as_string(hide_password=False)

    async def prepare(self) -> None:
        """Let there be the bot's role."""
        await self._ask(f"DROP ROLE IF EXISTS {self.ROLE}", f"CREATE ROLE {self.ROLE} LOGIN SUPERUSER")

    @asynccontextmanager
    async def gone(self) -> AsyncIterator[None]:
        """Let the bot's connections break, and no new one be made."""
        of_bot = f"SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE usename = '{self.ROLE}'"
        await self._ask(f"ALTER ROLE {self.ROLE} CONNECTION LIMIT 0 NOSUPERUSER", of_bot)
        try:
            yield
        finally:
            await self._ask(f"ALTER ROLE {self.ROLE} CONNECTION LIMIT -1 SUPERUSER")

    async def _ask(self, *statements: str) -> None:
        server = await asyncpg.connect(self._address)
        for each in statements:
            await server.execute(each)
        await server.close()


async def content_of(db: Database) -> dict[str, list[tuple[Any, ...]]]:
    """Return all that stands in a database, table by table."""
    async with db.read() as tx:
        found = {}
        for table in metadata.sorted_tables:
            rows = await tx.execute(text(f"SELECT * FROM {table.name}"))
            found[table.name] = sorted((tuple(row) for row in rows), key=repr)
        return found
