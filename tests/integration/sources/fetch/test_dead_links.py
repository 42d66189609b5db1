"""Which links lead nowhere: what is not there, or in no public network; not what is slow, large or locked."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator

import pytest
from aiohttp import web
from aiohttp.test_utils import TestServer

from bot.sources.fetch.dead_links import MOST_BYTES, dead_links
from tests.support.servers.ports import closed_port

STATUS = {"/live": 200, "/gone": 410, "/lost": 404, "/locked": 403, "/broken": 500}


@pytest.fixture
async def site() -> AsyncIterator[TestServer]:
    never = asyncio.Event()

    async def serve(request: web.Request) -> web.Response:
        if request.path == "/slow":
            await never.wait()
        if request.path == "/moved":
            raise web.HTTPFound("/lost")
        return web.Response(status=STATUS.get(request.path, 200), body=b"x" * 2 * MOST_BYTES)

    app = web.Application()
    app.router.add_get("/{tail:.*}", serve)
    server = TestServer(app, host="127.0.0.1")
    await server.start_server()
    yield server
    never.set()
    await server.close()


async def test_what_is_not_there_is_dead_and_what_is_slow_or_locked_is_not(site: TestServer) -> None:
    names = ("live", "gone", "lost", "locked", "broken", "moved")
    links = [str(site.make_url(f"/{each}")) for each in names]
    with closed_port() as port:
        asked = [*links, f"http://127.0.0.1:{port}/", "http://[bad"]
        found = await dead_links(asked, allow_private=True, seconds=60)
    assert [each.rpartition("/")[2] for each in found] == ["gone", "lost", "moved", "", "[bad"]
    assert await dead_links([str(site.make_url("/slow"))], allow_private=True, seconds=0.3) == []


async def test_a_private_address_is_nowhere_for_readers(site: TestServer) -> None:
    link = str(site.make_url("/live"))
    assert await dead_links([link]) == [link]
    assert await dead_links([]) == []
