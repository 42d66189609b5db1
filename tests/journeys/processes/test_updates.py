"""What people said to a bot that then died, or was asked to end: each of them is answered."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import TYPE_CHECKING

import orjson

from bot.store.engine.database import open_database
from bot.store.operations import inbox
from tests.journeys.processes.conftest import BOT_ID

if TYPE_CHECKING:
    from tests.journeys.processes.conftest import Machine

PEOPLE = range(1000, 1040)
LAST = PEOPLE[-1]


def meet(machine: Machine) -> Callable[[], int]:
    """Let many people say /start at once; return what counts those who were answered.

    The last of them is out of reach until `clear_faults`, so that something is always left to a later start.
    """
    machine.sandbox.fault("hang", match={"chat_id": LAST}, seconds=3_600, times=None)
    for number in PEOPLE:
        machine.sandbox.add_user(f"Читатель {number}", id=number)
        machine.sandbox.send(number, number, "/start")
    return lambda: sum(answers(machine, number) > 0 for number in PEOPLE)


def answers(machine: Machine, number: int) -> int:
    return sum(each["from"]["is_bot"] for each in machine.sandbox.messages(number))


async def quiet(machine: Machine) -> None:
    """Wait for calls that had left a bot when it ended."""
    before = -1
    while before != (before := len(machine.sandbox.calls())):
        await asyncio.sleep(0.1)


async def waiting(machine: Machine) -> list[int]:
    """Return those whose /start is kept by the bot and not written down as handled."""
    db = open_database(machine.database_url)
    async with db.read() as tx:
        bodies = await inbox.unhandled(tx, BOT_ID)
    await db.close()
    return [orjson.loads(body)["message"]["chat"]["id"] for body in bodies]


async def test_a_bot_killed_among_many_greetings_forgets_nobody(machine: Machine) -> None:
    greeted = meet(machine)
    at_most = dict.fromkeys(PEOPLE, 1)
    for most in (1, 15):
        bot = await machine.start("run", GLOBAL_RATE="10")
        await machine.sandbox.wait_until(lambda most=most: greeted() >= most)
        bot.kill()
        await bot.ended()
        # Whose greeting was on its way, or not written down as handled, at the death may hear it once more.
        for number in await waiting(machine):
            at_most[number] += 1
    machine.sandbox.clear_faults()
    bot = await machine.start("run")
    await machine.sandbox.wait_until(lambda: greeted() == len(PEOPLE))
    bot.stop()
    assert (await bot.ended())[0] == 0
    assert await waiting(machine) == []
    assert {
        number: answers(machine, number) for number in PEOPLE if answers(machine, number) > at_most[number]
    } == {}


async def test_a_stop_answers_what_it_can_in_its_time_and_the_next_start_the_rest_once(
    machine: Machine,
) -> None:
    greeted = meet(machine)
    bot = await machine.start("run", GLOBAL_RATE="4")
    before = await machine.sandbox.wait_until(greeted)
    bot.stop()
    code, said = await bot.ended()
    assert (code, "Traceback" in said) == (0, False), said
    await quiet(machine)
    left = await waiting(machine)
    assert LAST in left
    assert greeted() > before
    # What was on its way when the time was over is in doubt, and said again.
    doubtful = {number for number in left if answers(machine, number)}
    machine.sandbox.clear_faults()
    bot = await machine.start("run")
    await machine.sandbox.wait_until(lambda: greeted() == len(PEOPLE))
    bot.stop()
    assert (await bot.ended())[0] == 0
    assert {number for number in PEOPLE if answers(machine, number) > 1} <= doubtful
