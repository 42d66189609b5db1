from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from sqlalchemy import text

from bot.model.errors import SetupError
from bot.store.database import Database, open_database, read_url
from bot.store.migrate import migrate, pending
from bot.store.tables import chat


async def test_migrations_make_exactly_the_tables(db: Database) -> None:
    async with db.reader.connect() as tx:
        differences = await tx.run_sync(
            lambda sync: compare_metadata(MigrationContext.configure(sync), chat.metadata)
        )
    assert differences == []


async def test_migrating_twice_changes_nothing(db: Database) -> None:
    await migrate(db)
    assert not await pending(db)


async def test_a_newer_database_is_refused_in_a_sentence(db: Database) -> None:
    async with db.writer.begin() as tx:
        await tx.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    with pytest.raises(SetupError, match="newer than this version"):
        await migrate(db)


async def test_an_empty_database_wants_migrating(tmp_path: Path) -> None:
    db = open_database(f"sqlite:///{tmp_path / 'new.db'}")
    assert await pending(db)
    await db.close()


@pytest.mark.parametrize("address", ["mysql://x/y", "sqlite://", "sqlite:///:memory:", "nonsense"])
def test_an_address_that_will_not_do_is_named(address: str) -> None:
    with pytest.raises(SetupError, match="DATABASE_URL"):
        read_url(address)
