"""Brings a database to this version's tables, through Alembic."""

from __future__ import annotations

from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.model.errors import SetupError
from bot.store.database import Database, writes

SCRIPTS = Path(__file__).parent / "migrations"


async def migrate(db: Database) -> None:
    """Create or upgrade the tables, in one transaction.

    Raises SetupError where the database was made by a newer version of Vestnik.
    """
    await _upgrade(db)


async def pending(db: Database) -> bool:
    """Return whether the database lacks migrations that this version has."""
    head = ScriptDirectory.from_config(_config()).get_current_head()
    async with db.reader.connect() as tx:
        return await tx.run_sync(_current) != head


def _config() -> Config:
    config = Config()
    config.set_main_option("script_location", str(SCRIPTS))
    return config


def _current(connection: Connection) -> str | None:
    return MigrationContext.configure(connection).get_current_revision()


@writes
async def _upgrade(tx: AsyncConnection) -> None:
    await tx.run_sync(_upgrade_sync)


def _upgrade_sync(connection: Connection) -> None:
    config = _config()
    current = _current(connection)
    known = {script.revision for script in ScriptDirectory.from_config(config).walk_revisions()}
    if current is not None and current not in known:
        raise SetupError(
            f"the database is newer than this version of Vestnik (it is at {current}): "
            "install the version that made it, or restore a backup"
        )
    config.attributes["connection"] = connection
    command.upgrade(config, "head")
