"""A listening bot on each kind of database, with something of everything that a button can name; and its log."""

from __future__ import annotations

import logging
from collections.abc import AsyncIterator, Iterator

import pytest

from bot.sandbox import Sandbox
from bot.store.engine.database import Database
from tests.support.desk.editors import QUICK
from tests.support.world import World, settings_for


@pytest.fixture
async def either(db: Database, sandbox: Sandbox) -> AsyncIterator[World]:
    """A listening bot on each kind of database: what is beyond its numbers differs between them."""
    world = World(sandbox, db, settings_for(sandbox, **QUICK))
    await world.prepare()
    async with world.listening():
        yield world


@pytest.fixture
def no_errors(caplog: pytest.LogCaptureFixture) -> Iterator[None]:
    """Nothing may have been logged as an error by the end of the test."""
    caplog.set_level(logging.DEBUG)
    yield
    failed = [each for each in caplog.records if each.levelno >= logging.ERROR]
    assert [each.getMessage() for each in failed] == []
