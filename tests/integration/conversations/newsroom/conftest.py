"""A feed on this machine, and a bot that may ask it; two owners speak two languages."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest
from aiohttp import web
from aiohttp.test_utils import TestServer

from bot.sandbox import Sandbox
from bot.store.engine.database import Database
from tests.support.people import JAMES
from tests.support.people import OWNER as OLGA
from tests.support.servers.feeds import Site, item
from tests.support.world import World, settings_for


@pytest.fixture
async def site() -> AsyncIterator[Site]:
    """A feed with a story about the economy, and one without a topic."""
    made, app = Site(), web.Application()
    app.router.add_get("/feed", made.answer)
    server = TestServer(app, host="127.0.0.1")
    await server.start_server()
    made.url = str(server.make_url("/feed"))
    bridge = item(1, title="Мост через Светлую открыли для движения", category="Экономика")
    made.items = [bridge, item(2, hour=1, title="Дожди идут третий день")]
    yield made
    await server.close()


@pytest.fixture
async def local(sandbox: Sandbox, sqlite_db: Database) -> AsyncIterator[World]:
    """A listening bot that may ask feeds on this machine; Olga and James own it."""
    rates = {"global_rate": 1000, "chat_rate": 1000, "chat_burst": 100, "group_rate": 60_000}
    owners = frozenset({OLGA, JAMES})
    world = World(
        sandbox, sqlite_db, settings_for(sandbox, allow_private_feeds=True, owner_ids=owners, **rates)
    )
    await world.prepare()
    async with world.listening():
        yield world
