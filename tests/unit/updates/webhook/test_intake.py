"""What comes at once is written together, and whoever brought it hears what became of it, whatever happens."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from typing import Any

from sqlalchemy.exc import IntegrityError

from bot.updates.webhook.intake import AT_ONCE, Intake


class Writer:
    """Writes batches when it is let; refuses what it is told to refuse."""

    def __init__(self) -> None:
        self.batches: list[list[int]] = []
        self.go = asyncio.Event()
        self.fails: dict[int, Exception] = {}

    async def take(self, bodies: Sequence[Any]) -> None:
        numbers = [each["update_id"] for each in bodies]
        self.batches.append(numbers)
        await self.go.wait()
        for number in numbers:
            if number in self.fails:
                raise self.fails[number]


def brought(intake: Intake, *numbers: int) -> list[asyncio.Task[bool]]:
    return [asyncio.create_task(intake.put({"update_id": number})) for number in numbers]


async def test_all_that_came_while_a_commit_was_under_way_is_in_the_next_in_order() -> None:
    writer = Writer()
    intake = Intake(writer.take)
    first = brought(intake, 5)
    while not writer.batches:
        await asyncio.sleep(0)
    rest = brought(intake, *range(AT_ONCE + 20, 5, -1))
    await asyncio.sleep(0)
    writer.go.set()
    assert all(await asyncio.gather(*first, *rest))
    assert writer.batches[0] == [5]
    assert [len(each) for each in writer.batches[1:]] == [AT_ONCE, 15]
    assert all(each == sorted(each) for each in writer.batches)


async def test_a_full_disk_keeps_none_and_a_wrong_one_leaves_the_others_alone() -> None:
    writer = Writer()
    writer.go.set()
    intake = Intake(writer.take)
    writer.fails[2] = OSError(28, "No space left on device")
    assert await asyncio.gather(*brought(intake, 1, 2, 3)) == [False] * 3
    writer.fails[2] = IntegrityError("INSERT", {}, Exception("NOT NULL"))
    assert await asyncio.gather(*brought(intake, 1, 2, 3)) == [True, False, True]


async def test_an_end_leaves_nobody_waiting() -> None:
    writer = Writer()
    intake = Intake(writer.take)
    first = brought(intake, 1)
    while not writer.batches:
        await asyncio.sleep(0)
    later = brought(intake, 2, 3)
    await asyncio.sleep(0)
    await intake.close(0.01)
    assert await asyncio.gather(*first, *later) == [False] * 3
