"""One process speaks for a bot: whatever the clocks do, no second one does at the same time."""

from __future__ import annotations

import asyncio
import os
from datetime import timedelta

import pytest

from bot import lease
from bot.lease import TTL, Lease
from bot.model.clock import Clock
from bot.store.database import Database

BOT_ID = 700700


class Passing:
    """Seconds that pass when the test says so."""

    def __init__(self) -> None:
        self.now = 1000.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def passing(monkeypatch: pytest.MonkeyPatch) -> Passing:
    made = Passing()
    monkeypatch.setattr(lease, "_awake_or_asleep", made)
    return made


async def held(db: Database, clock: Clock, owner: str) -> Lease:
    """Return the lease that another process has taken."""
    made = Lease(db, BOT_ID, clock)
    made._owner = owner
    assert await made._try()
    return made


def neighbour() -> str:
    """Name a process of this machine that lives: the one that started the tests."""
    return f"{lease._host()}:{os.getppid()}:x"


@pytest.mark.parametrize("hours", [1, -1])
async def test_a_clock_that_jumps_takes_no_lease_from_who_lives(
    db: Database, passing: Passing, hours: int
) -> None:
    clock = Clock()
    first, second = await held(db, clock, neighbour()), Lease(db, BOT_ID, clock)
    assert not await second._try()
    clock.advance(timedelta(hours=hours))
    for _ in range(8):
        passing.now += lease.RENEW_SECONDS
        assert not await second._try()
        assert await first.renew()


@pytest.mark.parametrize("hours", [0, -1])
async def test_who_renews_no_more_is_followed_after_its_time(
    db: Database, passing: Passing, hours: int
) -> None:
    clock = Clock()
    first, second = await held(db, clock, neighbour()), Lease(db, BOT_ID, clock)
    assert not await second._try()
    clock.advance(timedelta(hours=hours))
    passing.now += TTL.total_seconds()
    assert await second._try()
    assert second.sure
    assert not first.sure
    assert not await first.renew()


async def test_who_died_on_this_machine_is_followed_at_once(db: Database, passing: Passing) -> None:
    process = await asyncio.create_subprocess_exec("true")
    await process.wait()
    await held(db, Clock(), f"{lease._host()}:{process.pid}:x")
    assert await Lease(db, BOT_ID, Clock())._try()


async def test_who_died_on_another_machine_is_followed_when_its_lease_is_over(
    db: Database, passing: Passing
) -> None:
    clock = Clock()
    await held(db, clock, "elsewhere:1:x")
    second = Lease(db, BOT_ID, clock)
    assert not await second._try()
    clock.advance(TTL)
    assert await second._try()


async def test_of_two_that_stand_by_one_takes_over(db: Database, passing: Passing) -> None:
    clock = Clock()
    await held(db, clock, "elsewhere:1:x")
    clock.advance(TTL)
    waiting = [Lease(db, BOT_ID, clock) for _ in range(4)]
    for number, each in enumerate(waiting, 2):
        each._owner = f"elsewhere:{number}:x"
    assert sorted(await asyncio.gather(*(each._try() for each in waiting))) == [False, False, False, True]
