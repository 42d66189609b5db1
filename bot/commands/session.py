"""Opens the database for a command, with a clear sentence where that fails."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from datetime import UTC, datetime

from bot import __version__
from bot.log import Event
from bot.model.errors import Refusal, SetupError
from bot.operations.far_bell import ring_once
from bot.rendering.check import checked_templates
from bot.rendering.talk import Talk
from bot.settings import Settings
from bot.store.backup.upgrade import copy_before, note_version, way_back
from bot.store.engine.database import UNAVAILABLE, Database, as_written, open_database, why
from bot.store.engine.database_file import hindrance, never_made, take_up
from bot.store.engine.migrate import at_revision, migrate, newest, revisions
from bot.store.newsroom import audit
from bot.store.transfer.target import refuse_unfinished

log = logging.getLogger(__name__)


@asynccontextmanager
async def opened(database_url: str, *, begins: bool = True) -> AsyncIterator[Database]:
    """Yield the database, migrated; the first time, a new one, where the command `begins` one.

    Raises SetupError where its folder can't be written, the file is missing or none of ours, or no server answers.
    """
    db = open_database(database_url)
    try:
        await _prepare(db, as_written(database_url), begins=begins)
        yield db
    finally:
        await db.close()


async def _prepare(db: Database, shown: str, *, begins: bool) -> None:
    try:
        if db.file and not begins and never_made(db.file):
            raise SetupError(
                f"DATABASE_URL: {hindrance(db.file) or f'there is no database {db.file} yet: a first `run` makes it'}"
            )
        if db.file and take_up(db.file):
            log.warning(Event("database.made", file=db.file, note="a first start: there was no database"))
        await refuse_unfinished(db)
        await _upgrade(db)
    except UNAVAILABLE as error:
        raise SetupError(f"DATABASE_URL: {shown} can't be opened: {why(error)}") from None


async def _upgrade(db: Database) -> None:
    """Bring the tables to this version's; an SQLite file is copied first, and the note beside it says who did it."""
    before = await at_revision(db) if db.file is None or db.file.exists() else None
    if before is not None and before not in revisions():
        raise SetupError(
            f"the database is newer than this version of Vestnik {__version__} (it is at {before}): "
            f"{way_back(db.file, before)}"
        )
    if before == newest():
        return
    if db.file and before is not None:
        try:
            copy = await asyncio.to_thread(copy_before, db.file, before, datetime.now(UTC))
            log.warning(Event("database.copied", file=copy, note="before its tables are changed"))
        except SetupError as error:
            log.warning(
                Event("database.not_copied", reason=str(error), note="its tables are changed all the same")
            )
    await migrate(db)
    log.info(Event("database.migrated", before=before or "", now=newest()))
    if db.file:
        note_version(db.file, newest(), __version__)


def at_the_desk(
    settings: Settings, work: Callable[[Database], Awaitable[int]], *, begins: bool = False
) -> int:
    """Do an editor's work on the database and return its exit code.

    Work that `begins` may be the first with a new database. Raises SetupError with what a template says of a refusal,
    or where there is no database yet.
    """

    async def done() -> int:
        audit.hand.set(audit.COMMAND)
        async with opened(settings.database_url, begins=begins) as db:
            try:
                code = await work(db)
                await ring_once(db)
                return code
            except Refusal as refusal:
                talk = Talk(checked_templates(settings.templates_dir))
                said = talk.refusal(refusal.code, "en", **refusal.facts)
                if refusal.code == "warned":
                    passing = " ".join(f"--pass {each.code}" for each in refusal.facts["checks"])
                    said = f"{said} (all the same: {passing})"
                raise SetupError(said) from None

    return asyncio.run(done())
