"""Counts that are shared: by whom, for how long, and what ends them."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest

from bot.store.engine.database import Database, Transaction
from bot.store.ledger.counts import FEW_CHATS, LONGEST_SECONDS, LONGEST_SETTLED_SECONDS, Counts, Size

MANY = 1_000_000


class Counted:
    """Counts chats, and how often that was asked; its time stands still until it is moved."""

    def __init__(self, db: Database) -> None:
        self.db, self.time = db, 0.0
        self.counts = Counts(lambda: self.time)
        self.chats, self.settled, self.asked = MANY, False, 0

    async def of(self, state: Any = "going", name: str = "push") -> int:
        return await self.counts.of(
            self.db, name, state, count=self._count, size=lambda found: Size(found, self.settled)
        )

    async def _count(self, tx: Transaction) -> int:
        self.asked += 1
        await asyncio.sleep(0)
        return self.chats


@pytest.fixture
def counted(sqlite_db: Database) -> Counted:
    return Counted(sqlite_db)


async def test_several_who_look_at_once_share_one_count(counted: Counted) -> None:
    assert await asyncio.gather(*(counted.of() for _ in range(5))) == [MANY] * 5
    assert counted.asked == 1
    await counted.of(name="another")
    assert counted.asked == 2


async def test_a_count_serves_for_seconds_and_a_settled_one_for_a_minute(counted: Counted) -> None:
    for settled, longest in ((False, LONGEST_SECONDS), (True, LONGEST_SETTLED_SECONDS)):
        counted.settled, before = settled, counted.asked
        await counted.of(settled)
        counted.time += longest - 0.1
        await counted.of(settled)
        assert counted.asked == before + 1
        counted.time += 0.1
        await counted.of(settled)
        assert counted.asked == before + 2


async def test_another_state_is_counted_anew(counted: Counted) -> None:
    await counted.of("going")
    counted.chats += 1
    assert await counted.of("paused") == MANY + 1
    assert await counted.of("going") == MANY + 1
    assert counted.asked == 3


async def test_few_chats_are_counted_each_time(counted: Counted) -> None:
    counted.chats, counted.settled = FEW_CHATS, True
    await counted.of()
    await counted.of()
    assert counted.asked == 2


async def test_who_asks_after_a_failed_count_has_it_counted(counted: Counted) -> None:
    async def fail(tx: Transaction) -> int:
        raise TimeoutError

    with pytest.raises(TimeoutError):
        await counted.counts.of(counted.db, "push", "going", count=fail, size=lambda _: Size(MANY, False))
    assert await counted.of() == MANY
