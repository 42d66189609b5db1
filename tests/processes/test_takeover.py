"""Two processes on one database: one speaks, the other stands by."""

from __future__ import annotations

import asyncio
import time
from typing import Any

OWNER = 11


async def test_a_second_process_says_so_and_takes_over_when_the_first_is_killed(machine: Any) -> None:
    machine.sandbox.add_user("Ольга", id=OWNER)
    first = await machine.start("run")
    await first.said("Vestnik runs as @vestnik_bot")
    second = await machine.start("run")
    await second.said("already running")
    first.kill()
    began = time.monotonic()
    await second.said("Vestnik runs as @vestnik_bot")
    assert time.monotonic() - began < 10
    machine.sandbox.send(OWNER, OWNER, "/start")
    await machine.sandbox.wait_until(lambda: len(machine.sandbox.messages(OWNER)) == 2, timeout=20)
    second.stop()
    code, said = await second.ended()
    assert (code, "Traceback" in said) == (0, False)


async def test_who_stands_by_ends_when_it_is_told_to(machine: Any) -> None:
    first = await machine.start("run")
    await first.said("Vestnik runs as @vestnik_bot")
    second = await machine.start("run")
    await second.said("already running")
    second.stop()
    code, said = await second.ended()
    assert (code, "Traceback" in said) == (0, False)
    first.stop()
    assert (await first.ended())[0] == 0


async def test_a_bot_that_is_stopped_hands_over_at_once(machine: Any) -> None:
    first = await machine.start("run")
    await first.said("Vestnik runs as @vestnik_bot")
    second = await machine.start("run")
    await second.said("already running")
    first.stop()
    (code, _), line = await asyncio.gather(first.ended(), second.said("Vestnik runs as @vestnik_bot"))
    assert code == 0
    assert "@vestnik_bot" in line
