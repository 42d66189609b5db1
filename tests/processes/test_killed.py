"""Power cuts: the bot is killed in the middle of a push, again and again, and nobody is missed."""

from __future__ import annotations

import random
from typing import Any

from bot.outbox.settling import MOST_HELD

READERS, RATE, CONNECTIONS, DEATHS = 2000, 900, 450, 2


async def test_a_bot_killed_in_a_push_misses_nobody(machine: Any) -> None:
    await machine.join(READERS)
    await machine.publish()
    sent, dice = machine.sent, random.Random(7)
    for _ in range(DEATHS):
        bot = await machine.start("run", GLOBAL_RATE=str(RATE), CHAT_RATE="100")
        goal = sent.total + dice.randint(1, 600)
        await machine.sandbox.wait_until(lambda goal=goal: sent.total >= goal, timeout=40)
        bot.kill()
        await bot.ended()
    assert not sent.reached(READERS)
    bot = await machine.start("run", GLOBAL_RATE=str(RATE), CHAT_RATE="100")
    await machine.sandbox.wait_until(lambda: sent.reached(READERS), timeout=40)
    bot.stop()
    code, said = await bot.ended()
    assert (code, "Traceback" in said) == (0, False), said
    assert "on their way when the bot last ended" in said
    # At most what was on the way or not written yet: the connections and one flush, for each death.
    assert sent.total - READERS <= DEATHS * (CONNECTIONS + MOST_HELD)
