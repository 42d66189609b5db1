from collections.abc import Mapping

import aiohttp
import pytest

from bot.model.errors import SetupError
from bot.web.server import WebServer


async def well() -> Mapping[str, object]:
    return {"ok": True}


async def unwell() -> Mapping[str, object]:
    return {"ok": False, "why": "the database does not answer"}


def free_port() -> int:
    import socket

    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@pytest.mark.parametrize(("health", "status"), [(well, 200), (unwell, 503)])
async def test_health_says_whether_all_is_well(health, status: int) -> None:
    port = free_port()
    server = WebServer("127.0.0.1", port, health)
    await server.start()
    try:
        async with aiohttp.ClientSession() as http, http.get(f"http://127.0.0.1:{port}/health") as answer:
            assert answer.status == status
            assert await answer.json() == await health()
    finally:
        await server.stop()


async def test_metrics_are_served_in_prometheus_form() -> None:
    port = free_port()
    server = WebServer("127.0.0.1", port, well)
    await server.start()
    try:
        async with aiohttp.ClientSession() as http, http.get(f"http://127.0.0.1:{port}/metrics") as answer:
            assert "vestnik_deliveries_total" in await answer.text()
    finally:
        await server.stop()


async def test_a_busy_port_is_explained_in_a_sentence() -> None:
    port = free_port()
    first = WebServer("127.0.0.1", port, well)
    await first.start()
    try:
        with pytest.raises(SetupError, match=f"WEB_PORT: 127.0.0.1:{port}"):
            await WebServer("127.0.0.1", port, well).start()
    finally:
        await first.stop()
