"""Every route of a running bot's web server: what it takes, and that it is refused without."""

from __future__ import annotations

import re

import aiohttp
import pytest
from aiohttp import web
from pydantic import SecretStr

from bot.sandbox import Sandbox
from bot.store.engine.database import Database
from bot.web.server import WebServer
from tests.integration.updates.webhook.conftest import address, hooked
from tests.support.servers.operator import OPERATOR_TOKEN

NOTHING, SECRET, SESSION, TOKEN_ASKED = "nothing", "the webhook's secret", "a session", "a token"

RIGHTS = {
    "GET /health": NOTHING,
    "GET /metrics": NOTHING,
    "GET /livez": NOTHING,
    "GET /readyz": NOTHING,
    "POST /telegram/*": SECRET,
    "GET /operator": SESSION,
    "GET /operator/feeds": SESSION,
    "GET /operator/record": SESSION,
    "GET /operator/errors": SESSION,
    "GET /operator/": NOTHING,
    "GET /operator/operator.css": NOTHING,
    "GET /operator/live.js": NOTHING,
    "GET /operator/icon.svg": NOTHING,
    "GET /operator/login": NOTHING,
    "POST /operator/login": TOKEN_ASKED,
    "GET /operator/telegram": TOKEN_ASKED,
    "POST /operator/logout": NOTHING,
}
"""Each route and what it takes. A route that is missing here is one about which nobody has thought."""

OTHER_METHODS = ("PUT", "DELETE", "PATCH", "OPTIONS", "TRACE")


async def test_each_route_takes_what_it_must(
    sqlite_db: Database, sandbox: Sandbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    found: list[web.RouteDef] = []

    def listed(host: str, port: int, routes: list[web.RouteDef]) -> WebServer:
        found.extend(routes)
        return WebServer(host, port, routes)

    monkeypatch.setattr("bot.process.doors.WebServer", listed)
    world = hooked(sandbox, sqlite_db, operator_token=SecretStr(OPERATOR_TOKEN))
    await world.prepare()
    app = await world.whole()
    try:
        base, secret_part = world.settings.webhook_url, address(world).path
        routes = sorted((each.method, each.path) for each in found)
        named = {f"{method} {re.sub(r'^/telegram/.*', '/telegram/*', path)}" for method, path in routes}
        assert named == RIGHTS.keys()
        async with aiohttp.ClientSession() as http:
            for method, path in routes:
                takes = RIGHTS[f"{method} {re.sub(r'^/telegram/.*', '/telegram/*', path)}"]
                async with http.request(method, base + path, json={}, allow_redirects=False) as answer:
                    body = await answer.text()
                    said = body + str(answer.headers)
                if takes == SESSION:
                    assert (answer.status, answer.headers["Location"]) == (303, "/operator/login"), path
                elif takes == SECRET:
                    assert (answer.status, body) == (403, ""), path
                elif takes == TOKEN_ASKED:
                    assert answer.status in (403, 404), path
                else:
                    assert answer.status in (200, 303, 503), path
                assert "Set-Cookie" not in answer.headers or path.endswith("logout"), path
                secrets = (world.settings.token, OPERATOR_TOKEN, address(world).secret, secret_part)
                assert not [each for each in secrets if each in said], path
                for other in OTHER_METHODS:
                    async with http.request(other, base + path) as answer:
                        assert answer.status == 405, (other, path)
    finally:
        await app.stop()
