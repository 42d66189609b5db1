"""Roles in processes of their own, on one PostgreSQL: who is frozen or cut off is replaced, and sends nothing more."""

from __future__ import annotations

from collections import Counter
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from sqlalchemy import make_url

from tests.journeys.processes.conftest import Machine
from tests.support.people import People, as_seen_by
from tests.support.servers.relay import Relay, relay_to

WORLD_BOT = 800800
WORLD_TOKEN = f"{WORLD_BOT}:" + "W" * 35
READERS = 150
PACE = {"GLOBAL_RATE": "30", "CHAT_RATE": "100"}


@pytest.fixture
async def apart(machine: Machine, postgres_url: str) -> Machine:
    """A machine on PostgreSQL, with a process for all but sending."""
    machine.settings["DATABASE_URL"] = postgres_url
    await machine.join(READERS)
    rest = await machine.start("run", "--role", "poller,matcher,ticks,feeds")
    await rest.said("Vestnik runs as")
    return machine


@pytest.fixture
async def relay(postgres_url: str) -> AsyncIterator[Relay]:
    """A way to the database that can be stalled."""
    url = make_url(postgres_url)
    async with relay_to(Path(str(url.query["host"])) / f".s.PGSQL.{url.port or 5432}") as made:
        yield made


async def test_sqlite_is_refused_for_a_part_of_the_roles(machine: Machine) -> None:
    code, said = await machine.ran("run", "--role", "courier")
    assert code != 0
    assert "SQLite is for one process with all roles" in said
    assert "Traceback" not in said


@pytest.mark.postgres
async def test_a_frozen_courier_is_replaced_and_sends_nothing_once_thawed(apart: Machine) -> None:
    first = await apart.start("run", "--role", "courier", **PACE)
    await first.said("Vestnik runs as")
    second = await apart.start("run", "--role", "courier", **PACE)
    await second.said("already running")
    await apart.publish()
    await apart.sandbox.wait_until(lambda: apart.sent.total >= 30)
    first.pause()
    doubts = Counter(await apart.in_doubt())
    await second.said("Vestnik runs as")
    first.go_on()
    await first.said("what another process has taken is left to it")
    await apart.sandbox.wait_until(lambda: apart.sent.reached(READERS))
    # What was on its way when it froze may have come once more, and nothing else.
    assert apart.sent.counts - doubts - Counter(apart.sent.counts.keys()) == Counter()


@pytest.mark.postgres
async def test_a_courier_that_is_cut_off_from_the_database_is_replaced(apart: Machine, relay: Relay) -> None:
    way = make_url(apart.database_url).set(host="127.0.0.1", port=relay.port, query={})
    far = {"DATABASE_URL": way.render_as_string(hide_password=False)}
    first = await apart.start("run", "--role", "courier", **PACE, **far)
    await first.said("Vestnik runs as")
    second = await apart.start("run", "--role", "courier", **PACE)
    await second.said("already running")
    await apart.publish()
    await apart.sandbox.wait_until(lambda: apart.sent.total >= 30)
    relay.stall()
    doubts = Counter(await apart.in_doubt())
    await second.said("Vestnik runs as")
    await apart.sandbox.wait_until(lambda: apart.sent.reached(READERS))
    relay.go_on()
    await first.said("what another process has taken is left to it")
    assert apart.sent.counts - doubts - Counter(apart.sent.counts.keys()) == Counter()


@pytest.mark.postgres
async def test_each_bot_can_have_a_process_of_its_own(
    machine: Machine, postgres_url: str, tmp_path: Path
) -> None:
    machine.settings |= {"DATABASE_URL": postgres_url, "WORLD_TOKEN": WORLD_TOKEN}
    with (tmp_path / "newsroom.toml").open("a", encoding="utf-8") as file:
        file.write('[[bot]]\ntoken = "WORLD_TOKEN"\n')
    machine.sandbox.add_bot(WORLD_TOKEN, "world_bot", "Мир")
    machine.sandbox.add_user("Анна", id=21)
    assert "holds no bot's token" in (await machine.ran("run", "--bot", "NO_TOKEN"))[1]
    second = await machine.start("run", "--bot", "WORLD_TOKEN")
    await second.said("Vestnik runs as @world_bot")
    first = await machine.start("run", "--bot", "BOT_TOKEN")
    await first.said("Vestnik runs as @vestnik_bot")
    theirs, ours = People(as_seen_by(machine.sandbox, WORLD_BOT)), People(machine.sandbox)
    for people in (theirs, ours):
        await people.say(21, "/start")
        await people.say(21, "/follow мир")
    await machine.publish()
    await theirs.answer(21, "Мост через Светлую")
    await ours.answer(21, "Мост через Светлую")
