"""Power cuts: the bot is killed in the middle of a push, again and again, and nobody is missed."""

from __future__ import annotations

import random
from collections import Counter

from bot.store.engine.database import open_database
from tests.journeys.processes.conftest import Machine
from tests.support.deaths import damage, unwritten

READERS, RATE, DEATHS = 1500, 900, 2


async def in_doubt(machine: Machine) -> list[int]:
    """Hold that a database that nobody has open is whole; return the chats of which it is unknown what they have."""
    db = open_database(machine.database_url)
    async with db.read() as tx:
        assert await damage(tx) == []
        chats = [chat for chat, _ in await unwritten(tx)]
    await db.close()
    return chats


async def test_a_bot_killed_in_a_push_misses_nobody(machine: Machine) -> None:
    await machine.join(READERS)
    await machine.publish()
    sent, dice, doubts = machine.sent, random.Random(7), Counter[int]()
    for _ in range(DEATHS):
        bot = await machine.start("run", GLOBAL_RATE=str(RATE), CHAT_RATE="100")
        goal = sent.total + dice.randint(1, 600)
        await machine.sandbox.wait_until(lambda goal=goal: sent.total >= goal)
        bot.kill()
        await bot.ended()
        doubts.update(await in_doubt(machine))
    assert not sent.reached(READERS)
    bot = await machine.start("run", GLOBAL_RATE=str(RATE), CHAT_RATE="100")
    await machine.sandbox.wait_until(lambda: sent.reached(READERS))
    bot.stop()
    code, said = await bot.ended()
    assert (code, "Traceback" in said) == (0, False), said
    assert "deliveries.reclaimed" in said
    assert await in_doubt(machine) == []
    # What was on the way at a death, or not written down, may have come once more.
    assert sent.counts - doubts - Counter(sent.counts.keys()) == Counter()
