"""Power cuts: the bot is killed in the middle of a push, again and again, and nobody is missed."""

from __future__ import annotations

import random
from collections import Counter

from tests.journeys.processes.conftest import Machine

READERS, RATE, DEATHS = 600, 300, 2


async def test_a_bot_killed_in_a_push_misses_nobody(machine: Machine) -> None:
    await machine.join(READERS)
    await machine.publish()
    sent, dice, doubts = machine.sent, random.Random(7), Counter[int]()
    for _ in range(DEATHS):
        bot = await machine.start("run", GLOBAL_RATE=str(RATE), CHAT_RATE="100")
        goal = sent.total + dice.randint(1, 150)
        await machine.sandbox.wait_until(lambda goal=goal: sent.total >= goal)
        bot.kill()
        await bot.ended()
        doubts.update(await machine.in_doubt())
    assert not sent.reached(READERS)
    bot = await machine.start("run", GLOBAL_RATE=str(RATE), CHAT_RATE="100")
    await machine.sandbox.wait_until(lambda: sent.reached(READERS))
    bot.stop()
    code, said = await bot.ended()
    assert (code, "Traceback" in said) == (0, False), said
    assert "deliveries.reclaimed" in said
    assert await machine.in_doubt() == []
    # What was on the way at a death, or not written down, may have come once more.
    assert sent.counts - doubts - Counter(sent.counts.keys()) == Counter()
