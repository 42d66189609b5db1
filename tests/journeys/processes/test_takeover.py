"""Two processes on one database: one speaks, the other stands by."""

from __future__ import annotations

import asyncio
from collections import Counter
from typing import Any

import aiohttp
import pytest

from tests.journeys.processes.conftest import Machine
from tests.support.servers.ports import free_port

OWNER, READERS, RATE = 11, 200, 60


async def test_a_second_process_says_so_and_takes_over_when_the_first_is_killed(machine: Machine) -> None:
    machine.sandbox.add_user("Ольга", id=OWNER)
    first = await machine.start("run")
    await first.said("Vestnik runs as @vestnik_bot")
    second = await machine.start("run")
    await second.said("already running")
    first.kill()
    await second.said("Vestnik runs as @vestnik_bot")
    machine.sandbox.send(OWNER, OWNER, "/start")
    await machine.sandbox.wait_until(lambda: len(machine.sandbox.messages(OWNER)) >= 2)
    second.stop()
    code, said = await second.ended()
    assert (code, "Traceback" in said) == (0, False), said


async def test_who_stands_by_ends_when_it_is_told_to(machine: Machine) -> None:
    first = await machine.start("run")
    await first.said("Vestnik runs as @vestnik_bot")
    second = await machine.start("run")
    await second.said("already running")
    second.stop()
    code, said = await second.ended()
    assert (code, "Traceback" in said) == (0, False), said
    first.stop()
    assert (await first.ended())[0] == 0


async def test_a_bot_that_is_stopped_hands_over_at_once(machine: Machine) -> None:
    first = await machine.start("run")
    await first.said("Vestnik runs as @vestnik_bot")
    port = free_port()
    second = await machine.start("run", WEB_PORT=str(port))
    await second.said("already running")
    # Who watches the process must not end it for standing by, nor send it anything.
    assert await answers(port, "/livez") == (200, {"live": True, "ended": []})
    assert await answers(port, "/readyz") == (503, {"ready": False, "reasons": ["lease"]})
    first.stop()
    (code, _), line = await asyncio.gather(first.ended(), second.said("Vestnik runs as @vestnik_bot"))
    assert code == 0
    assert "@vestnik_bot" in line
    async with asyncio.timeout(60):
        while (await answers(port, "/readyz"))[0] != 200:
            await asyncio.sleep(0.05)


async def answers(port: int, path: str) -> tuple[int, Any]:
    """Ask a process at its port."""
    async with aiohttp.ClientSession() as http, http.get(f"http://127.0.0.1:{port}{path}") as answer:
        return answer.status, await answer.json()


@pytest.fixture(params=["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)])
def shared(request: pytest.FixtureRequest, machine: Machine) -> Any:
    """A machine with a database of either kind."""
    if request.param == "postgres":
        machine.settings["DATABASE_URL"] = request.getfixturevalue("postgres_url")
    return machine


@pytest.mark.parametrize("violently", [True, False], ids=["killed", "told to stop"])
async def test_who_stands_by_goes_on_with_the_push(shared: Any, violently: bool) -> None:
    await shared.join(READERS)
    first = await shared.start("run", GLOBAL_RATE=str(RATE), CHAT_RATE="100")
    await first.said("Vestnik runs as")
    second = await shared.start("run", GLOBAL_RATE=str(RATE), CHAT_RATE="100")
    await second.said("already running")
    await shared.publish()
    await shared.sandbox.wait_until(lambda: shared.sent.total >= 40)
    # Who stands by takes nothing up until it is known what the first leaves behind.
    second.pause()
    first.kill() if violently else first.stop()
    code, said = await first.ended()
    doubts = Counter(await shared.in_doubt())
    second.go_on()
    await second.said("Vestnik runs as")
    await shared.sandbox.wait_until(lambda: shared.sent.reached(READERS))
    second.stop()
    assert (await second.ended())[0] == 0
    if not violently:
        assert (code, "Traceback" in said) == (0, False), said
    # What was on the way, or not written down, may have come once more; a stop has waited for it as long as it may.
    assert shared.sent.counts - doubts - Counter(shared.sent.counts.keys()) == Counter()
