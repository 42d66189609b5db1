"""Engines for the tests, running or to be started, and pictures for them to fetch."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest

from bot.sandbox import Sandbox
from bot.sources.pictures import PictureFetcher
from bot.store.database import Database
from tests.outbox.engine import Engine, prepared
from tests.pictures import PictureServer, picture_server


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
    if made._tasks:
        await made.stop()


@pytest.fixture
async def still(db: Database, sandbox: Sandbox) -> AsyncIterator[Engine]:
    """An engine that the test starts itself, on each kind of database."""
    made = await prepared(db, sandbox)
    yield made
    if made._tasks:
        await made.stop()


@pytest.fixture
async def server() -> AsyncIterator[PictureServer]:
    async with picture_server() as made:
        yield made


@pytest.fixture
async def fetcher() -> AsyncIterator[PictureFetcher]:
    async with PictureFetcher(allow_private=True, seconds=5) as made:
        yield made


@pytest.fixture
async def shown(still_sqlite: Engine, fetcher: PictureFetcher) -> Engine:
    """An engine that fetches pictures itself, and has begun."""
    still_sqlite.fetch = fetcher.fetch
    await still_sqlite.start()
    return still_sqlite
