"""Opens the database for a command, with a clear sentence where that fails."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager

from sqlalchemy.exc import SQLAlchemyError

from bot.model.errors import Refusal, SetupError
from bot.rendering.environment import Templates
from bot.rendering.talk import Talk
from bot.settings import Settings
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


def at_the_desk(settings: Settings, work: Callable[[Database], Awaitable[int]]) -> int:
    """Do an editor's work on the database and return its exit code.

    Raises SetupError with what a template says of a refusal.
    """

    async def done() -> int:
        async with opened(settings.database_url) as db:
            try:
                return await work(db)
            except Refusal as refusal:
                talk = Talk(Templates(settings.templates_dir))
                raise SetupError(talk.refusal(refusal.code, "en", **refusal.facts)) from None

    return asyncio.run(done())
