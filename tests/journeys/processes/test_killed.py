"""Power cuts: the bot is killed in the middle of a push, again and again, and nobody is missed."""

from __future__ import annotations

import random

from bot.outbox.result_writer import MOST_HELD
from bot.store.engine.database import open_database
from tests.journeys.processes.conftest import Machine
from tests.support.deaths import damage

READERS, RATE, CONNECTIONS, DEATHS = 2000, 900, 450, 2


async def damage_of(url: str) -> list[str]:
    """Return what SQLite finds wrong in a database that nobody has open."""
    db = open_database(url)
    async with db.read() as tx:
        found = await damage(tx)
    await db.close()
    return found


async def test_a_bot_killed_in_a_push_misses_nobody(machine: Machine) -> None:
    await machine.join(READERS)
    await machine.publish()
    sent, dice = machine.sent, random.Random(7)
    for _ in range(DEATHS):
        bot = await machine.start("run", GLOBAL_RATE=str(RATE), CHAT_RATE="100")
        goal = sent.total + dice.randint(1, 600)
        await machine.sandbox.wait_until(lambda goal=goal: sent.total >= goal, timeout=40)
        bot.kill()
        await bot.ended()
        assert await damage_of(machine.database_url) == []
    assert not sent.reached(READERS)
    bot = await machine.start("run", GLOBAL_RATE=str(RATE), CHAT_RATE="100")
    await machine.sandbox.wait_until(lambda: sent.reached(READERS), timeout=40)
    bot.stop()
    code, said = await bot.ended()
    assert (code, "Traceback" in said) == (0, False), said
    assert "deliveries.reclaimed" in said
    # At most what was on the way or not written yet: the connections and one flush, for each death.
    assert await damage_of(machine.database_url) == []
    assert sent.total - READERS <= DEATHS * (CONNECTIONS + MOST_HELD)
