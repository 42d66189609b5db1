"""Opens the database for a command, with a clear sentence where that fails."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from sqlalchemy.exc import SQLAlchemyError

from bot.model.errors import SetupError
from bot.store.database import Database, open_database, why
from bot.store.migrate import migrate


@asynccontextmanager
async def opened(database_url: str) -> AsyncIterator[Database]:
    """Yield the database, migrated.

    Raises SetupError where its folder can't be written, the file is none of ours, or no server answers.
    """
    db = open_database(database_url)
    try:
        await _prepare(db)
        yield db
    finally:
        await db.close()


async def _prepare(db: Database) -> None:
    shown = db.url.render_as_string(hide_password=True)
    try:
        if db.file:
            db.file.parent.mkdir(parents=True, exist_ok=True)
        await migrate(db)
    except (OSError, SQLAlchemyError) as error:
        raise SetupError(f"DATABASE_URL: {shown} can't be opened: {why(error)}") from None
