"""The whole bot, started and stopped."""

from __future__ import annotations

import asyncio

import pytest

from bot.model.errors import SetupError
from bot.sandbox import Sandbox
from bot.store.engine.database import Database
from tests.support.world import World, settings_for


async def test_a_stop_right_after_the_start_leaves_nothing_running(
    sqlite_db: Database, sandbox: Sandbox
) -> None:
    world = World(sandbox, sqlite_db, settings_for(sandbox))
    await world.prepare()
    ours = asyncio.all_tasks()
    app = await world.whole()
    await app.stop()
    left = map(repr, asyncio.all_tasks() - ours)
    # The sandbox and the database are the test's own: they end after it.
    others = ("bot/sandbox", "web_protocol", "Checkpoints")
    assert [task for task in left if not any(name in task for name in others)] == []


async def test_a_database_that_is_moved_away_ends_the_bot_with_a_sentence(
    sqlite_db: Database, sandbox: Sandbox
) -> None:
    world = World(sandbox, sqlite_db, settings_for(sandbox))
    await world.prepare()
    app = await world.whole()
    assert sqlite_db.file is not None
    sqlite_db.file.rename(sqlite_db.file.with_name("elsewhere.db"))
    with pytest.raises(SetupError, match="moved away or replaced: bring it back"):
        await app.wait(asyncio.Event())
    await app.stop()
