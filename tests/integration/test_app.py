"""The whole bot, started and stopped."""

from __future__ import annotations

import asyncio

import pytest

from bot.app import start
from bot.model.errors import SetupError
from bot.operations.roles.process_role import ProcessRole
from bot.outbox.limits.adaptive_rate import MARGIN
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


@pytest.mark.postgres
@pytest.mark.parametrize(
    ("roles", "part"), [({"courier"}, 0.8), ({"poller", "web"}, 0.2), ({"courier", "poller"}, 1.0)]
)
async def test_who_speaks_with_a_token_beside_another_process_keeps_to_its_part(
    postgres_db: Database, sandbox: Sandbox, roles: set[str], part: float
) -> None:
    world = World(sandbox, postgres_db, settings_for(sandbox, global_rate=100))
    await world.prepare()
    app = await start(
        world.settings, postgres_db, world.clock, asyncio.Event(), roles={ProcessRole(each) for each in roles}
    )
    assert app is not None
    async with asyncio.timeout(30):
        while app.services.rate() != pytest.approx(100 * MARGIN * part):
            await asyncio.sleep(0.01)
    await app.stop()
