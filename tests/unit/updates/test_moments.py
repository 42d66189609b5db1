"""What is worth an answer for a moment: the newest question of each person, one at a time, and never too many."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest

from bot.updates.moments import Moments
from bot.updates.update import Incoming, read
from tests.support.figures import figure

ANNA, BORIS, GROUP = 21, 22, -100


def typed(number: int, person: int = ANNA, **event: Any) -> Incoming:
    kind = "guest_message" if "chat" in event else "inline_query"
    made = read({"update_id": number, kind: {"from": {"id": person}, "query": str(number), **event}})
    assert made is not None
    return made


class Desk:
    """Answers questions when the test lets it, and says which were let be."""

    def __init__(self, **options: float) -> None:
        self.begun: list[int] = []
        self.over: list[int] = []
        self.gate = asyncio.Semaphore(0)
        self.moments = Moments(self.answer, lambda update: self.over.append(update.id), **options)

    async def answer(self, update: Incoming) -> None:
        self.begun.append(update.id)
        await self.gate.acquire()

    async def settle(self) -> None:
        for _ in range(20):
            await asyncio.sleep(0)


async def test_a_newer_question_takes_the_place_of_one_that_waits() -> None:
    desk = Desk(rest=0)
    for number in (1, 2, 3):
        desk.moments.put(typed(number))
        await desk.settle()
    assert (desk.begun, desk.over) == ([1], [2])
    desk.gate.release()
    await desk.settle()
    assert (desk.begun, desk.over) == ([1, 3], [2, 1])
    await desk.moments.close()
    assert sorted(desk.over) == [1, 2, 3]


async def test_people_do_not_wait_for_each_other_nor_a_person_for_another_chat() -> None:
    desk = Desk(rest=0)
    desk.moments.put(typed(1))
    desk.moments.put(typed(2, BORIS))
    desk.moments.put(typed(3, chat={"id": GROUP}))
    await desk.settle()
    assert desk.begun == [1, 2, 3]
    await desk.moments.close()


async def test_of_too_many_the_rest_is_let_be_and_counted() -> None:
    before = figure("vestnik_updates_dropped_total")
    desk = Desk(rest=0, most=2)
    for person in (1, 2, 3):
        desk.moments.put(typed(person, person))
    await desk.settle()
    assert (desk.begun, desk.over) == ([1, 2], [3])
    assert figure("vestnik_updates_dropped_total") - before == 1
    desk.gate.release()
    desk.gate.release()
    await desk.settle()
    desk.moments.put(typed(4, 3))
    await desk.settle()
    assert desk.begun == [1, 2, 4]
    await desk.moments.close()


async def test_nobody_is_answered_when_nobody_waits_any_more() -> None:
    desk = Desk(rest=0, life=0)
    desk.moments.put(typed(1))
    await desk.settle()
    assert (desk.begun, desk.over) == ([], [1])


@pytest.mark.parametrize("rest", [0.3])
def test_an_answer_that_takes_too_long_is_given_up_and_typing_is_throttled(
    simulated: Any, rest: float
) -> None:
    async def go() -> tuple[list[int], float]:
        desk = Desk(rest=rest, life=10)
        desk.moments.put(typed(1))
        await asyncio.sleep(1)
        desk.moments.put(typed(2))
        await asyncio.sleep(20)
        desk.gate.release()
        desk.gate.release()
        begun = asyncio.get_running_loop().time()
        desk.moments.put(typed(3))
        await asyncio.sleep(0)
        desk.moments.put(typed(4))
        while 4 not in desk.begun:
            await asyncio.sleep(0.01)
        took = asyncio.get_running_loop().time() - begun
        await desk.moments.close()
        return desk.begun, took

    begun, took = simulated.run_until_complete(go())
    assert begun == [1, 2, 3, 4]
    assert took >= rest
