"""A bot's lease: one process is sure of it, and one that lost it leaves the other's work alone."""

from __future__ import annotations

import asyncio
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import text, update

from bot.model.clock import Clock
from bot.model.delivery import State
from bot.operations.roles import seats
from bot.operations.roles.lease import TTL, Lease
from bot.operations.roles.process_role import ProcessRole, Seat
from bot.operations.roles.seats import Seats
from bot.operations.ticker import Schedule, Tick
from bot.store.engine.database import Database
from bot.store.tables.operations import lease
from tests.support.engine import Engine

LEASE = "courier:700700"
SEAT = Seat(ProcessRole.COURIER, 700700)


async def taken_by_another(db: Database) -> None:
    async with db.writer.begin() as tx:
        await tx.execute(update(lease).values(owner="elsewhere:1:x"))


def seats_of(db: Database, mine: Lease) -> Seats:
    """Return the seats of a process that has taken the lease."""
    made = Seats(db, {SEAT: mine}, ())
    made.held.add(SEAT)
    return made


async def test_who_renews_is_sure_until_somebody_else_has_it(db: Database) -> None:
    mine = Lease(db, LEASE, Clock())
    assert not mine.sure
    assert await mine.take_if_free()
    assert mine.sure
    assert await seats_of(db, mine).renew()
    await taken_by_another(db)
    assert not await seats_of(db, mine).renew()
    assert not mine.sure


async def test_who_slept_through_its_renewals_is_sure_of_nothing(
    db: Database,
) -> None:
    now = 1000.0
    mine = Lease(db, LEASE, Clock(), seconds=lambda: now)
    assert await mine.take_if_free()
    now += TTL.total_seconds() + 1
    assert not mine.sure


async def test_a_lease_that_ran_out_is_taken_over(db: Database) -> None:
    clock = Clock()
    first, second = Lease(db, LEASE, clock), Lease(db, LEASE, clock)
    assert await first.take_if_free()
    async with db.writer.begin() as tx:
        await tx.execute(update(lease).values(owner="elsewhere:1:x"))
    stop = asyncio.Event()
    standing_by = asyncio.create_task(Seats(db, {SEAT: second}, ()).take_some(stop))
    await asyncio.sleep(0)
    clock.advance(TTL + timedelta(seconds=1))
    async with asyncio.timeout(60):
        assert await standing_by


async def test_a_renewal_that_fails_is_tried_again_before_the_lease_runs_out(
    db: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(seats, "RENEW_SECONDS", 0.0)
    monkeypatch.setattr(seats, "LOOK_SECONDS", 0.01)
    mine = Lease(db, LEASE, Clock())
    assert await mine.take_if_free()
    async with db.writer.begin() as tx:
        await tx.execute(text("ALTER TABLE lease RENAME TO away"))
    keeping = asyncio.create_task(seats_of(db, mine).keep())
    await asyncio.sleep(0.1)
    assert not keeping.done()
    async with db.writer.begin() as tx:
        await tx.execute(text("ALTER TABLE away RENAME TO lease"))
    await taken_by_another(db)
    # That it was taken is learnt by a renewal alone.
    async with asyncio.timeout(60):
        await keeping
    assert not mine.sure


async def test_no_job_runs_while_the_lease_is_not_sure() -> None:
    ran: list[str] = []
    sure = False

    async def work(_now: Any) -> None:
        ran.append("job")

    schedule = Schedule([Tick("job", 1, work)], Clock(), lambda: sure)
    await schedule.do_all()
    assert ran == []
    sure = True
    await schedule.do_all()
    assert ran == ["job"]


async def test_a_stop_after_the_lease_was_lost_leaves_the_others_claims_alone(still_sqlite: Engine) -> None:
    still = still_sqlite
    await still.readers(3)
    sure = True
    still.allowed = lambda: sure
    await still.start()
    still.sandbox.fault("hang", match={"method": "sendMessage"}, times=None, seconds=0.3)
    await still.publish("Мост открыт")
    await still.eventually(lambda: not still.courier.idle)
    sure = False
    await still.stop()
    assert {row.state for row in await still.rows()} == {State.CLAIMED}
