"""What the databases of all tests share: statements once compiled, as one database of a long-lived process has them."""

from __future__ import annotations

from typing import Any

from sqlalchemy.engine import Dialect

from bot.store.engine.database import Database, open_database

_STATEMENTS: dict[Any, Any] = {}
_DIALECTS: dict[type[Dialect], Dialect] = {}


async def opened(address: str) -> Database:
    """Open a database whose engines find what others of their kind have compiled.

    An engine by itself compiles every statement anew, which takes a third of the time of a test that talks with a bot.
    SQLAlchemy looks a statement up by the dialect too, and takes no two dialects for the same.
    """
    database = open_database(address)
    for engine in {database.writer.sync_engine, database.reader.sync_engine}:
        engine.dialect = _DIALECTS.get(type(engine.dialect)) or await _dialect(address)
        engine.update_execution_options(compiled_cache=_STATEMENTS)
    return database


async def _dialect(address: str) -> Dialect:
    """Return the dialect of all databases like that one; a dialect learns at its first connection what it can."""
    database = open_database(address)
    try:
        async with database.read():
            dialect = database.reader.sync_engine.dialect
    finally:
        await database.close()
    return _DIALECTS.setdefault(type(dialect), dialect)
