"""A PostgreSQL database as the origin or the target of a move, over one connection and in one transaction."""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from typing import Any

import asyncpg

from bot.model.errors import SetupError
from bot.store.engine.database import Database
from bot.store.transfer.layout import numbered, tables
from bot.store.transfer.rows import Form, Row
from bot.store.transfer.vector import canonical

AT_ONCE = 1000
"""How many rows are in memory at a time."""

LOCK_SECONDS = 5
"""How long a move waits for whoever still writes into its origin."""

_PATIENT = "SET LOCAL idle_in_transaction_session_timeout = 0"
"""The other side may take its time between two questions."""


class PostgresSide:
    """A database's rows, read by a cursor and written by COPY."""

    fits_postgres = True

    def __init__(self, connection: Any) -> None:
        self._db = connection

    async def rows(self, form: Form, *, ordered: bool = False) -> AsyncIterator[Row]:
        """Return the rows of a table; the key's order is that of the bytes."""
        asked = f"SELECT {_names(form.columns)} FROM {_quoted(form.name)}"  # noqa: S608
        if ordered:
            texts = set(form.texts)
            keys = (f'{_quoted(each)} COLLATE "C"' if each in texts else _quoted(each) for each in form.key)
            asked += f" ORDER BY {', '.join(keys)}"
        async for record in self._db.cursor(asked, prefetch=AT_ONCE):
            yield list(record)

    async def stems(self) -> AsyncIterator[Row]:
        """Return the index of full text."""
        asked = "SELECT place, CAST(stems AS text) FROM search_text ORDER BY place"
        async for place, vector in self._db.cursor(asked, prefetch=AT_ONCE):
            yield [place, canonical(vector)]

    async def numbers(self) -> dict[str, int]:
        """Return the last number that was given to a row, by table."""
        found = {}
        for each in tables():
            if numbered(each):
                asked = f"SELECT CASE WHEN is_called THEN last_value ELSE 0 END FROM {await self._sequence(each.name)}"  # noqa: S608
                found[each.name] = int(await self._db.fetchval(asked))
        return found

    async def fill(self, form: Form, rows: AsyncIterator[Row]) -> None:
        """Write all rows of a table by one COPY, so that rows may refer to one another."""
        try:
            await self._db.copy_records_to_table(form.name, records=rows, columns=form.columns)
        except asyncpg.PostgresError as error:
            where = getattr(error, "detail", None) or ""
            raise SetupError(f"{form.name} could not be written: {error} {where}".rstrip()) from None

    async def fill_stems(self, rows: AsyncIterator[Row]) -> None:
        """Write the index of full text."""
        # A tsvector has no binary form that the driver knows, so that COPY can't take it.
        await self._db.execute("CREATE TEMPORARY TABLE moved_stems (place bigint, stems text) ON COMMIT DROP")
        await self._db.copy_records_to_table("moved_stems", records=rows, columns=["place", "stems"])
        await self._db.execute(
            "INSERT INTO search_text (place, stems) SELECT place, CAST(stems AS tsvector) FROM moved_stems"
        )

    async def set_numbers(self, numbers: dict[str, int]) -> None:
        """Let rows to come have greater numbers than these, by table."""
        for table, last in numbers.items():
            if last:
                await self._db.execute(
                    "SELECT setval($1::text::regclass, $2)", await self._sequence(table), last
                )

    async def finish(self) -> None:
        """Let the table that said 'unfinished' go, in the transaction that brings the rows."""
        await self._db.execute("DROP TABLE unfinished_move")

    async def _sequence(self, table: str) -> str:
        found = await self._db.fetchval("SELECT pg_get_serial_sequence($1, 'id')", table)
        return str(found)


@asynccontextmanager
async def held(db: Database) -> AsyncIterator[PostgresSide]:
    """Yield a database to read, into which nobody can write for as long. Raises SetupError where somebody does."""
    async with _connected(db) as connection:
        try:
            async with connection.transaction():
                await connection.execute(_PATIENT)
                await connection.execute(f"SET LOCAL lock_timeout = '{LOCK_SECONDS}s'")
                names = ", ".join(_quoted(each.name) for each in tables())
                await connection.execute(f"LOCK TABLE {names} IN SHARE MODE")
                yield PostgresSide(connection)
        except asyncpg.LockNotAvailableError:
            raise SetupError("the database is in use: stop the bot, then move") from None


@asynccontextmanager
async def filled(db: Database) -> AsyncIterator[PostgresSide]:
    """Yield a migrated database to fill, into which nothing comes where this is broken off."""
    async with _connected(db) as connection:
        async with connection.transaction():
            await connection.execute(_PATIENT)
            yield PostgresSide(connection)
        await connection.execute("ANALYZE")


@asynccontextmanager
async def _connected(db: Database) -> AsyncIterator[Any]:
    async with db.writer.connect() as connection:
        raw = await connection.get_raw_connection()
        driver: Any = raw.driver_connection
        try:
            # COPY is binary, and the bot's own way of taking texts is not; JSON stays as it was written.
            for name in ("text", "varchar", "json"):
                await driver.reset_type_codec(name, schema="pg_catalog")
            yield driver
        finally:
            # It was told other things than the bot's connections: nobody is to have it again.
            await connection.invalidate()


def _quoted(name: str) -> str:
    return f'"{name}"'


def _names(columns: Sequence[str]) -> str:
    return ", ".join(map(_quoted, columns))
