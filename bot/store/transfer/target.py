"""What a database must be before a move may fill it, and how it says that a move was broken off."""

from __future__ import annotations

from sqlalchemy import Connection, inspect, select, text

from bot.model.errors import SetupError
from bot.store.engine.database import Database, Transaction
from bot.store.engine.migrate import migrate
from bot.store.transfer.layout import tables

MARK = "unfinished_move"
"""The table that stands in a PostgreSQL database from the beginning of a move to its end."""


async def refuse_unfinished(db: Database) -> None:
    """Raise SetupError where a move into the database was broken off."""
    if db.file is None:
        async with db.read() as tx:
            if await tx.run_sync(_has, MARK):
                raise SetupError(
                    "DATABASE_URL: a move into this database was not finished: run `move` again, "
                    f"or drop the table {MARK} to begin with an empty database"
                )


async def prepare(db: Database) -> None:
    """Make a PostgreSQL database ready to be filled, and let it say that it is unfinished.

    Raises SetupError where anything stands in it already.
    """
    async with db.write() as tx:
        (encoding,) = (await tx.execute(text("SHOW server_encoding"))).one()
        if encoding != "UTF8":
            raise SetupError(f"the database keeps its texts as {encoding}: make one with ENCODING 'UTF8'")
        await refuse_filled(tx)
        await tx.execute(text(f"CREATE TABLE IF NOT EXISTS {MARK} (since timestamptz DEFAULT now())"))
    await migrate(db)


async def refuse_filled(tx: Transaction) -> None:
    """Raise SetupError where a table has rows."""
    there = set(await tx.run_sync(lambda sync: inspect(sync).get_table_names()))
    for table in (each for each in tables() if each.name in there):
        if (await tx.execute(select(text("1")).select_from(table).limit(1))).first():
            raise SetupError(f"the database to move into is not empty: {table.name} has rows")


def _has(connection: Connection, name: str) -> bool:
    return inspect(connection).has_table(name)
