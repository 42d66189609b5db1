"""Engines of the outbox, running or to be started, and a newsroom for what readers do."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest

from bot.sandbox import Sandbox
from bot.store.engine.database import Database
from bot.store.newsroom import topics as topic_store
from bot.store.operations import bots
from tests.support.engine import Engine, prepared
from tests.support.readers import BOT, NOW, Newsroom
from tests.support.transactions import writes


@pytest.fixture
async def engine(db: Database, sandbox: Sandbox) -> AsyncIterator[Engine]:
    """An engine that runs, on each kind of database."""
    made = await prepared(db, sandbox)
    await made.start()
    yield made
    await made.stop()


@pytest.fixture
async def still_sqlite(sqlite_db: Database, sandbox: Sandbox) -> AsyncIterator[Engine]:
    """An engine that the test starts itself, for what does not differ between the kinds of database."""
    made = await prepared(sqlite_db, sandbox)
    yield made
    if made.running:
        await made.stop()


@pytest.fixture
async def still(db: Database, sandbox: Sandbox) -> AsyncIterator[Engine]:
    """An engine that the test starts itself, on each kind of database."""
    made = await prepared(db, sandbox)
    yield made
    if made.running:
        await made.stop()


@pytest.fixture
async def newsroom(db: Database) -> Newsroom:
    """Four topics (one below another) and no stories."""
    await writes(bots.put)(db, BOT, "vestnik_bot", NOW)
    put = writes(topic_store.put)
    world = await put(db, "world", {"ru": "Мир"}, origin="file")
    await put(db, "asia", {"ru": "Азия"}, parent_id=world, origin="file", position=1)
    await put(db, "economy", {"ru": "Экономика"}, origin="file", position=2)
    await put(db, "sport", {"ru": "Спорт"}, origin="file", position=3)
    return Newsroom(db)
