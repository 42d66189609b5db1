"""The operator's page of an engine, served on a port of its own, and somebody who is logged in."""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

import aiohttp
from pydantic import SecretStr

from bot.operations.roles.process_role import ALONE, seat_of
from bot.process.operator_page import operator_page as open_page
from bot.store.operations import leases
from bot.web.operator.door import COOKIE
from bot.web.server import WebServer
from tests.support.engine import Engine
from tests.support.servers.ports import free_port

HOLDER = "machine-1:42:first"
OPERATOR_TOKEN = "operators-token-of-tests"


@dataclass
class Page:
    """A page that is served. `health` is what the bot says of itself."""

    url: str
    http: aiohttp.ClientSession
    health: dict[str, object] = field(default_factory=lambda: {"ok": True, "ended": [], "no_updates": ""})

    async def enter(self, token: str = OPERATOR_TOKEN, **headers: str) -> aiohttp.ClientResponse:
        """Send the form of the login, and follow no redirect."""
        answer = await self.http.post(
            f"{self.url}/login", data={"token": token}, headers=headers, allow_redirects=False
        )
        await answer.read()
        return answer

    async def get(self, path: str = "", **headers: str) -> tuple[int, str, Mapping[str, str]]:
        """Return the status, the text and the headers of a page."""
        async with self.http.get(f"{self.url}{path}", headers=headers, allow_redirects=False) as answer:
            return answer.status, await answer.text(), answer.headers

    @property
    def cookie(self) -> str:
        """The session's cookie; empty where there is none."""
        return next((each.value for each in self.http.cookie_jar if each.key == COOKIE), "")


async def _hold_roles(engine: Engine) -> None:
    """Let every role of the engine be somebody's, as where a bot runs."""
    async with engine.db.write() as tx:
        for role in ALONE:
            name = seat_of(role, engine.services.bot.id).lease_name
            await leases.take(tx, name, HOLDER, engine.clock.now(), ttl=timedelta(days=1))


@asynccontextmanager
async def operator_page(engine: Engine, **options: Any) -> AsyncIterator[Page]:
    """Serve the page of an engine that was started, for as long as the block lasts."""
    told = {"operator_token": SecretStr(OPERATOR_TOKEN), **options}
    settings = engine.settings.model_copy(update=told)
    port = free_port()
    async with aiohttp.ClientSession(cookie_jar=aiohttp.CookieJar(unsafe=True)) as http:
        page = Page(f"http://127.0.0.1:{port}/operator", http)

        async def health() -> Mapping[str, object]:
            return page.health

        await _hold_roles(engine)
        with open_page(settings, engine.services, {"": engine.line}, health) as routes:
            async with WebServer("127.0.0.1", port, routes):
                yield page
