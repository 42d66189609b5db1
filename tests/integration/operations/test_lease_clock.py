"""One process speaks for a bot: whatever the clocks do, no second one does at the same time."""

from __future__ import annotations

import asyncio
import os
from datetime import timedelta
from pathlib import Path

import pytest

from bot.model.clock import Clock
from bot.operations.roles import lease
from bot.operations.roles.lease import RENEW_SECONDS, TTL, Lease, holder_name
from bot.operations.roles.process_role import ProcessRole, Seat
from bot.operations.roles.seats import Seats
from bot.store.engine.database import Database

LEASE = "courier:700700"
SEAT = Seat(ProcessRole.COURIER, 700700)


class Passing:
    """Seconds that pass when the test says so."""

    def __init__(self) -> None:
        self.now = 1000.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def passing() -> Passing:
    return Passing()


async def held(db: Database, clock: Clock, holder: str, passing: Passing) -> Lease:
    """Return the lease that another process has taken."""
    made = Lease(db, LEASE, clock, holder=holder, seconds=passing)
    assert await made.take_if_free()
    return made


async def renewed(db: Database, lease: Lease) -> bool:
    """Return whether who has the lease could renew it."""
    made = Seats(db, {SEAT: lease}, ())
    made.held.add(SEAT)
    return await made.renew()


def mine(db: Database, clock: Clock, passing: Passing) -> Lease:
    """Return this process's lease, not taken yet."""
    return Lease(db, LEASE, clock, seconds=passing)


def neighbour() -> str:
    """Name a process of this machine that lives: the one that started the tests."""
    return holder_name(os.getppid())


@pytest.mark.parametrize("hours", [1, -1])
async def test_a_clock_that_jumps_takes_no_lease_from_who_lives(
    db: Database, passing: Passing, hours: int
) -> None:
    clock = Clock()
    first, second = await held(db, clock, neighbour(), passing), mine(db, clock, passing)
    assert not await second.take_if_free()
    clock.advance(timedelta(hours=hours))
    for _ in range(8):
        passing.now += RENEW_SECONDS
        assert not await second.take_if_free()
        assert await renewed(db, first)


@pytest.mark.parametrize("hours", [0, -1])
async def test_who_renews_no_more_is_followed_after_its_time(
    db: Database, passing: Passing, hours: int
) -> None:
    clock = Clock()
    first, second = await held(db, clock, neighbour(), passing), mine(db, clock, passing)
    assert not await second.take_if_free()
    clock.advance(timedelta(hours=hours))
    passing.now += TTL.total_seconds()
    assert await second.take_if_free()
    assert second.sure
    assert not first.sure
    assert not await renewed(db, first)


async def test_who_died_on_this_machine_is_followed_at_once(db: Database, passing: Passing) -> None:
    process = await asyncio.create_subprocess_exec("true")
    await process.wait()
    await held(db, Clock(), holder_name(process.pid), passing)
    assert await mine(db, Clock(), passing).take_if_free()


async def test_who_died_on_another_machine_is_followed_when_its_lease_is_over(
    db: Database, passing: Passing
) -> None:
    clock = Clock()
    await held(db, clock, "elsewhere:1:x", passing)
    second = mine(db, clock, passing)
    assert not await second.take_if_free()
    clock.advance(TTL)
    assert await second.take_if_free()


async def test_of_two_that_stand_by_one_takes_over(db: Database, passing: Passing) -> None:
    clock = Clock()
    await held(db, clock, "elsewhere:1:x", passing)
    clock.advance(TTL)
    waiting = [
        Lease(db, LEASE, clock, holder=f"elsewhere:{number}:x", seconds=passing) for number in range(2, 6)
    ]
    assert sorted(await asyncio.gather(*(each.take_if_free() for each in waiting))) == [
        False,
        False,
        False,
        True,
    ]


def test_a_machine_of_the_same_name_is_another_machine(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    here = lease.holder_name(os.getppid())
    assert lease.lives(here)
    other = tmp_path / "boot_id"
    other.write_text("7f9c1c3e-0000-4000-8000-000000000000\n", encoding="ascii")
    monkeypatch.setattr(lease, "BOOT", other)
    assert lease.lives(here) is None
    assert lease.lives(lease.holder_name(os.getppid()))
