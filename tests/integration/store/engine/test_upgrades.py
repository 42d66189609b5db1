"""A database of each revision comes to this version's tables with all its rows; the way back is known."""

from __future__ import annotations

import logging
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest
from alembic import command
from alembic.config import Config
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, select, text

from bot.commands.session import opened
from bot.commands.storage.backup import restore
from bot.model.errors import SetupError
from bot.store.backup import upgrade
from bot.store.backup.backups import Backups
from bot.store.engine.database import Database, open_database
from bot.store.engine.database_file import make_file, note_of
from bot.store.engine.migrate import SCRIPTS, at_revision, newest, pending
from bot.store.transfer.layout import tables
from tests.support.database.rows import Filler
from tests.support.readers import NOW

STEPS = [each.revision for each in ScriptDirectory(str(SCRIPTS)).walk_revisions()][::-1]


def _to(connection: Connection, revision: str) -> None:
    config = Config()
    config.set_main_option("script_location", str(SCRIPTS))
    config.attributes["connection"] = connection
    command.upgrade(config, revision)


async def test_rows_of_every_revision_come_to_this_version(database_url: str) -> None:
    """One database goes up step by step: the rows that it gets on its way meet what a walk from there would meet.

    Every revision gets rows on one of the two kinds, the first and the last on both.
    """
    db = open_database(database_url)
    if db.file:
        make_file(db.file)
    stand: dict[str, int] = {}
    filled = {0, len(STEPS) - 1, *range(0 if db.file else 1, len(STEPS), 2)}
    for seed, step in enumerate(STEPS):
        if seed not in filled:
            continue
        async with db.write() as tx:
            await tx.run_sync(_to, step)
            counts = await tx.run_sync(lambda sync, seed=seed: Filler(seed).fill(sync, rows=1))
            assert not [name for name, rows in counts.items() if rows < stand.get(name, 0)], step
            stand = counts
    assert not await pending(db)
    async with db.read() as tx:
        for table in tables():
            # Every value is read as the bot reads it.
            rows = (await tx.execute(select(table))).all()
            assert len(rows) == stand.get(table.name, 0), table.name
        if db.file:
            assert (await tx.execute(text("PRAGMA foreign_key_check"))).all() == []
    assert min(stand.values()) >= 1
    await db.close()


async def an_older(file: Path, step: str) -> None:
    """Make a database of an earlier revision."""
    make_file(file)
    db = open_database(f"sqlite:///{file}")
    async with db.write() as tx:
        await tx.run_sync(_to, step)
        await tx.execute(text("INSERT INTO bot (id, username) VALUES (7, 'vestnik_bot')"))
    await db.close()


async def test_a_file_is_copied_before_its_tables_are_changed(
    tmp_path: Path, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = tmp_path / "vestnik.db"
    await an_older(file, STEPS[-2])
    with caplog.at_level(logging.INFO):
        async with opened(f"sqlite:///{file}") as db:
            assert await at_revision(db) == newest()
        async with opened(f"sqlite:///{file}"):
            pass
    (copy,) = tmp_path.glob("*.backup")
    assert copy.name.startswith(f"vestnik-upgrade-{STEPS[-2]}-")
    assert f"database.copied file={copy}" in caplog.text
    assert Backups(f"sqlite:///{file}", tmp_path).kept() == []
    # An earlier version does not know today's revision.
    monkeypatch.setattr("bot.commands.session.revisions", lambda: set(STEPS[:-1]))
    monkeypatch.setattr(upgrade, "revisions", lambda: set(STEPS[:-1]))
    says = rf"it is at {newest()}.: install Vestnik [\d.]+ or newer, .*: python -m bot restore {copy}"
    with pytest.raises(SetupError, match=says):
        async with opened(f"sqlite:///{file}"):
            pass
    restore(f"sqlite:///{file}", copy, NOW)
    with closing(sqlite3.connect(file)) as restored:
        assert restored.execute("SELECT version_num FROM alembic_version").fetchone() == (STEPS[-2],)


async def test_without_room_for_a_copy_the_log_says_so(
    tmp_path: Path, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = tmp_path / "vestnik.db"
    await an_older(file, STEPS[0])
    monkeypatch.setattr(upgrade, "MOST_BYTES", 1 << 10)
    async with opened(f"sqlite:///{file}") as db:
        assert await at_revision(db) == newest()
    assert "database.not_copied" in caplog.text
    assert list(tmp_path.glob("*.backup")) == []


async def test_a_newer_database_without_a_copy_is_refused_too(db: Database) -> None:
    async with db.write() as tx:
        await tx.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    if db.file:
        note_of(db.file).write_text("vestnik.db was made here.\n", encoding="utf-8")
    says = (
        r"newer than this version of Vestnik .*9999.: install the version that made it, or restore a backup"
    )
    with pytest.raises(SetupError, match=says):
        async with opened(db.url.render_as_string(hide_password=False)):
            pass
