"""Brings a database to this version's tables, through Alembic."""

from __future__ import annotations

from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection

from bot.model.errors import SetupError
from bot.store.engine.database import Database
from bot.store.engine.database_file import make_file

SCRIPTS = Path(__file__).parents[1] / "migrations"


async def migrate(db: Database) -> None:
    """Create or upgrade the tables, in one transaction; an SQLite file that does not exist is made.

    Raises SetupError where the database was made by a newer version of Vestnik.
    """
    if db.file:
        make_file(db.file)
    await _upgrade(db)


async def pending(db: Database) -> bool:
    """Return whether the database lacks migrations that this version has."""
    if db.file and not db.file.exists():
        return True
    head = ScriptDirectory.from_config(_config()).get_current_head()
    async with db.reader.connect() as tx:
        return await tx.run_sync(_current) != head


async def at_revision(db: Database) -> str | None:
    """Return the revision of the database's tables; None for a database without any."""
    async with db.reader.connect() as tx:
        return await tx.run_sync(_current)


def newest() -> str:
    """Return the revision of this version's tables."""
    return str(ScriptDirectory.from_config(_config()).get_current_head())


def revisions() -> set[str]:
    """Return the revisions of the tables that this version knows."""
    return {script.revision for script in ScriptDirectory.from_config(_config()).walk_revisions()}


def _config() -> Config:
    config = Config()
    config.set_main_option("script_location", str(SCRIPTS))
    return config


def _current(connection: Connection) -> str | None:
    return MigrationContext.configure(connection).get_current_revision()


async def _upgrade(db: Database) -> None:
    async with db.write() as tx:
        await tx.run_sync(_upgrade_sync)


def _upgrade_sync(connection: Connection) -> None:
    config = _config()
    current = _current(connection)
    if current is not None and current not in revisions():
        raise SetupError(
            f"the database is newer than this version of Vestnik (it is at {current}): "
            "install the version that made it, or restore a backup"
        )
    config.attributes["connection"] = connection
    command.upgrade(config, "head")
