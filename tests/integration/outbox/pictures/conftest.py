"""Pictures for an engine to fetch."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest

from bot.sources.fetch.pictures import PictureFetcher
from tests.support.engine import Engine
from tests.support.servers.pictures import PictureServer, picture_server


@pytest.fixture
async def server() -> AsyncIterator[PictureServer]:
    async with picture_server() as made:
        yield made


@pytest.fixture
async def fetcher() -> AsyncIterator[PictureFetcher]:
    async with PictureFetcher(allow_private=True, seconds=3_600) as made:
        yield made


@pytest.fixture
async def shown(still_sqlite: Engine, fetcher: PictureFetcher) -> Engine:
    """An engine that fetches pictures itself, and has begun."""
    still_sqlite.fetch = fetcher.fetch
    await still_sqlite.start()
    return still_sqlite
