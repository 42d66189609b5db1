"""`/livez` and `/readyz` of a whole bot, and each condition made to fail in earnest."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from datetime import timedelta
from typing import Any

import aiohttp
import pytest

from bot.app import App
from bot.model.clock import Clock
from bot.model.operations.readiness import ReadinessCheck
from bot.operations.readiness.probe import Probe
from bot.operations.readiness.readiness import WORDS, Readiness
from bot.operations.roles.lease import Lease
from bot.sandbox import Sandbox
from bot.store.engine.database import Database, open_database
from bot.store.newsroom import feeds
from bot.store.operations import bots, leases
from bot.web.probes import probe_routes
from bot.web.server import WebServer
from tests.support.readers import BOT
from tests.support.servers.ports import free_port
from tests.support.transactions import writes
from tests.support.trouble import FileTrouble, Server
from tests.support.world import World, settings_for


@pytest.fixture
async def running(sqlite_db: Database, sandbox: Sandbox) -> AsyncIterator[tuple[World, App]]:
    """A whole bot with its web server."""
    world = World(sandbox, sqlite_db, settings_for(sandbox, web_port=free_port()))
    await world.prepare()
    app = await world.whole()
    yield world, app
    await app.stop()


async def ask(world: World, path: str, method: str = "GET") -> tuple[int, Any]:
    async with (
        aiohttp.ClientSession() as http,
        http.request(method, f"http://127.0.0.1:{world.settings.web_port}{path}") as answer,
    ):
        body = await answer.read()
        return answer.status, await answer.json() if body.startswith(b"{") else body.decode()


async def reasons(world: World, so: Callable[[list[str]], bool]) -> None:
    """Wait until the reasons for not being ready are so."""
    async with asyncio.timeout(60):
        while not so((await ask(world, "/readyz"))[1]["reasons"]):
            await asyncio.sleep(0.05)


async def test_a_bot_that_telegram_leaves_deaf_is_not_ready_and_lives_on(running: tuple[World, App]) -> None:
    world, _ = running
    await reasons(world, lambda found: not found)
    assert (await ask(world, "/readyz?verbose"))[1]["checks"] == dict.fromkeys(WORDS, "ok")
    fault = world.sandbox.faults.add("502", {"method": "getUpdates"}, times=None)
    await reasons(world, lambda found: found == ["updates"])
    status, said = await ask(world, "/readyz?verbose")
    assert status == 503
    assert said["checks"]["updates"]
    assert await ask(world, "/livez") == (200, {"live": True, "ended": []})
    assert (await ask(world, "/health"))[0] == 503
    fault.times = fault.hits
    await reasons(world, lambda found: not found)


async def test_a_lease_that_another_process_takes_makes_the_bot_unready(running: tuple[World, App]) -> None:
    world, app = running
    async with world.db.write() as tx:
        held = await leases.held(tx, f"courier:{BOT}")
        assert held is not None
        now = world.clock.now()
        assert await leases.take(tx, f"courier:{BOT}", "other:1:a", now, ttl=timedelta(minutes=1), free=held)
    await reasons(world, lambda found: {"lease", "loops"} <= set(found))
    assert await ask(world, "/livez") == (503, {"live": False, "ended": ["lease"]})
    assert app.failure.reason == "another process speaks for this bot now"


def readiness(probe: Probe, **options: Any) -> Readiness:
    well: dict[str, Any] = {"sure": lambda: True, "ended": list, "deaf": str, "problems": list}
    return Readiness(probe, **well | options)


def failing(made: Readiness) -> dict[str, str]:
    return {check.word: check.trouble for check in made.checks() if check.trouble}


@pytest.mark.parametrize(("kind", "said"), [("locked", "locked"), ("read-only", "readonly")])
async def test_a_ledger_that_cannot_be_written_is_a_reason_until_it_can(
    sqlite_db: Database, kind: str, said: str
) -> None:
    await writes(bots.put)(sqlite_db, BOT, "vestnik_bot", Clock().now())
    probe = Probe(sqlite_db, BOT, Clock())
    trouble = FileTrouble(sqlite_db)
    with trouble.of(kind):
        await probe.look()
        assert said in failing(readiness(probe))["ledger"]
    await probe.look()
    assert failing(readiness(probe)) == {}
    trouble.close()


@pytest.mark.postgres
@pytest.mark.parametrize("migrated_url", ["postgres"], indirect=True)
async def test_a_server_that_turns_the_bot_away_is_a_reason(postgres: str, migrated_url: str) -> None:
    server = Server(postgres, migrated_url)
    await server.prepare()
    db = open_database(server.url)
    probe = Probe(db, BOT, Clock())
    async with server.gone():
        await probe.look()
        assert set(failing(readiness(probe))) == {"ledger"}
    await probe.look()
    assert failing(readiness(probe)) == {}
    await db.close()


async def test_a_write_that_hangs_is_a_reason_after_a_while(sqlite_db: Database) -> None:
    at = [0.0]
    probe = Probe(sqlite_db, BOT, Clock(), seconds=lambda: at[0])
    async with sqlite_db.write():
        look = asyncio.create_task(probe.look())
        at[0] = 14.0
        assert failing(readiness(probe)) == {}
        at[0] = 16.0
        assert failing(readiness(probe)) == {"ledger": "nothing could be written for 16 seconds"}
    await look
    assert failing(readiness(probe)) == {}


async def test_feeds_are_a_reason_only_where_all_of_them_fail(db: Database) -> None:
    now = Clock().now()
    put, fail = writes(feeds.put), writes(feeds.record_failure)
    usual: Any = {"language": "ru", "publish": "auto", "interval": 60, "origin": "chat", "at": now}
    ids = [await put(db, f"https://{name}.example/feed", **usual) for name in ("one", "two")]
    probe = Probe(db, BOT, Clock())
    for _ in range(3):
        await fail(db, ids[0], reason="timeout", next_poll_at=now)
    await probe.look()
    assert failing(readiness(probe)) == {}
    for _ in range(3):
        await fail(db, ids[1], reason="timeout", next_poll_at=now)
    await probe.look()
    assert set(failing(readiness(probe))) == {"feeds"}
    await writes(feeds.set_pause)(db, ids[0], now)
    await writes(feeds.set_pause)(db, ids[1], now)
    await probe.look()
    assert failing(readiness(probe)) == {}


async def test_a_full_disk_broken_templates_and_a_lost_lease_are_reasons(sqlite_db: Database) -> None:
    probe = Probe(sqlite_db, BOT, Clock(), least_free=1 << 62)
    await probe.look()
    made = readiness(
        probe,
        sure=lambda: Lease(sqlite_db, f"courier:{BOT}", Clock()).sure,
        problems=lambda: ["brief.j2:3: unexpected end"],
    )
    assert set(failing(made)) == {"lease", "templates", "disk"}
    assert "brief.j2:3" in failing(made)["templates"]


async def test_strangers_get_short_answers_whatever_they_ask_and_however_often() -> None:
    asked = []

    def checks() -> list[ReadinessCheck]:
        asked.append(1)
        return [ReadinessCheck("updates", "\x1b[2JBad\n\u202e" * 900)]

    port = free_port()
    address = f"http://127.0.0.1:{port}"
    routes = probe_routes(list, checks)
    async with WebServer("127.0.0.1", port, routes), aiohttp.ClientSession() as http:
        # Somebody who never ends a question holds nobody up.
        _, slow = await asyncio.open_connection("127.0.0.1", port)
        slow.write(b"GET /readyz HTTP/1.1\r\nHost: a")
        answers = await asyncio.gather(*(http.get(f"{address}/readyz?verbose") for _ in range(300)))
        assert {answer.status for answer in answers} == {503}
        assert len(await answers[0].text()) < 400
        assert "\\u001b" not in await answers[0].text()
        expected = {"/readyz/": 404, "/livez/../readyz": 503, "/livez?" + "a=1&" * 1500: 200, "/%00": 404}
        for path, status in expected.items():
            async with http.get(address + path) as answer:
                assert answer.status == status, path
        async with http.head(f"{address}/livez") as answer:
            assert (answer.status, await answer.read()) == (200, b"")
        for method in ("POST", "DELETE", "PUT"):
            async with http.request(method, f"{address}/readyz", data=b"x") as answer:
                assert answer.status == 405
        slow.close()
    assert len(asked) == 301
