from collections.abc import Mapping

import aiohttp
import pytest

from bot.model.errors import SetupError
from bot.web.health import health_routes
from bot.web.server import WebServer
from tests.support.servers.ports import free_port


async def well() -> Mapping[str, object]:
    return {"ok": True}


async def unwell() -> Mapping[str, object]:
    return {"ok": False, "why": "the database does not answer"}


@pytest.mark.parametrize(("health", "status"), [(well, 200), (unwell, 503)])
async def test_health_says_whether_all_is_well(health, status: int) -> None:
    port = free_port()
    async with (
        WebServer("127.0.0.1", port, health_routes(health)),
        aiohttp.ClientSession() as http,
        http.get(f"http://127.0.0.1:{port}/health") as answer,
    ):
        assert answer.status == status
        assert await answer.json() == await health()


async def test_a_strangers_words_in_health_are_a_short_printable_line() -> None:
    async def health() -> Mapping[str, object]:
        return {"ok": False, "no_updates": "\x1b[2JBad Gateway\n\u202e" * 900, "ended": ["courier"]}

    port = free_port()
    async with (
        WebServer("127.0.0.1", port, health_routes(health)),
        aiohttp.ClientSession() as http,
        http.get(f"http://127.0.0.1:{port}/health") as answer,
    ):
        told = await answer.json()
    assert told["no_updates"].startswith("[2JBad Gateway")
    assert told["no_updates"].isprintable()
    assert len(told["no_updates"]) <= 201
    assert told["ended"] == ["courier"]


async def test_metrics_are_served_in_prometheus_form() -> None:
    port = free_port()
    async with (
        WebServer("127.0.0.1", port, health_routes(well)),
        aiohttp.ClientSession() as http,
        http.get(f"http://127.0.0.1:{port}/metrics") as answer,
    ):
        assert "vestnik_deliveries_total" in await answer.text()


async def test_a_busy_port_is_explained_in_a_sentence() -> None:
    port = free_port()
    async with WebServer("127.0.0.1", port, health_routes(well)):
        with pytest.raises(SetupError, match=f"WEB_PORT: 127.0.0.1:{port}"):
            await WebServer("127.0.0.1", port, health_routes(well)).__aenter__()
    async with WebServer("127.0.0.1", port, health_routes(well)):
        pass
