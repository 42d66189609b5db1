from __future__ import annotations

from collections.abc import AsyncIterator

import pytest

from bot.model.newsroom.role import DUTY_EDITOR
from bot.sandbox import Sandbox
from bot.store.engine.database import Database
from bot.store.newsroom import topics as kept_topics
from tests.support.desk.editors import QUICK, hire
from tests.support.people import EDITOR as EGOR
from tests.support.people import OWNER as OLGA
from tests.support.world import World, settings_for


@pytest.fixture
async def desk(room: World) -> World:
    """A room with an owner and a duty editor at work."""
    await room.say(OLGA, "/start")
    await hire(room, EGOR, "Егор", DUTY_EDITOR.rights)
    return room


@pytest.fixture
async def running(sandbox: Sandbox, sqlite_db: Database) -> AsyncIterator[World]:
    """A whole bot, which delivers too."""
    world = World(sandbox, sqlite_db, settings_for(sandbox, **QUICK))
    await world.prepare()
    app = await world.whole()
    async with sqlite_db.write() as tx:
        # The start retires what no newsroom file names.
        await kept_topics.put(tx, "economy", {"ru": "Экономика"}, origin="desk")
    yield world
    await app.stop()
