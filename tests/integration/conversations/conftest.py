"""The bot's ears alone: the real dispatcher and client over HTTP, a sandbox in place of Telegram."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest

from bot.sandbox import Sandbox
from bot.store.engine.database import Database
from tests.support.world import World, settings_for


@pytest.fixture
async def room(sqlite_db: Database, sandbox: Sandbox) -> AsyncIterator[World]:
    """A listening bot with three topics, an owner, and people."""
    rates = {"global_rate": 1000, "chat_rate": 1000, "chat_burst": 100, "group_rate": 60_000}
    world = World(sandbox, sqlite_db, settings_for(sandbox, **rates))
    await world.prepare()
    async with world.listening():
        yield world
