"""A clock that jumps during a push: nothing doubled, nothing kept waiting for the time that was taken back."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest

from bot.model.clock import Clock
from bot.model.delivery import Delivery, Lane, State
from bot.outbox import reclaim
from bot.outbox.ledger import LEASE, Ledger
from tests.support.engine import Engine


@pytest.fixture(autouse=True)
def looks_often(monkeypatch: pytest.MonkeyPatch) -> None:
    """Look at once for leases that have run out."""
    monkeypatch.setattr(reclaim, "TAKE_BACK_SECONDS", 0.0)


async def test_a_clock_that_jumps_forward_sends_nothing_twice(still: Engine) -> None:
    still.rates["global_rate"] = 150
    readers = await still.readers(100)
    still.sandbox.fault("slow", match={"chat_id": readers[0]}, seconds=1.5)
    await still.start()
    _, bulletin = await still.publish("Мост открыт")
    await still.reached(bulletin, lambda found: found.accepted >= 30)
    still.clock.advance(timedelta(hours=1))
    assert (await still.done(bulletin)).accepted == 100
    assert [still.count(reader, "Мост открыт") for reader in readers] == [1] * 100
    assert all(row.state is State.DONE for row in await still.rows())


async def test_a_clock_that_is_set_back_keeps_nobody_waiting(still: Engine) -> None:
    still.rates["global_rate"] = 150
    readers = await still.readers(100)
    still.sandbox.fault("500", match={"chat_id": readers[0]}, times=2)
    await still.start()
    _, first = await still.publish("Мост открыт")
    await still.reached(first, lambda found: found.accepted >= 30)
    still.clock.advance(timedelta(hours=-1))
    _, second = await still.publish("Ярмарка началась")
    for bulletin in (first, second):
        assert (await still.done(bulletin)).accepted == 100
    for reader in readers:
        assert [each.splitlines()[0] for each in still.texts(reader)] == ["Мост открыт", "Ярмарка началась"]


async def test_what_is_published_after_the_clock_was_set_back_overtakes_nothing(
    still: Engine,
) -> None:
    """Also where that is claimed at the very moment."""
    (anna,) = await still.readers(1)
    ready: list[bool] = []
    meanwhile: list[int] = []

    class Interrupted(Ledger):
        async def claim(self, lane: Lane, now: datetime, most: int) -> list[Delivery]:
            if lane is Lane.STORY and ready and not meanwhile:
                still.clock.advance(timedelta(hours=-1))
                meanwhile.append((await still.publish("Ярмарка началась"))[1])
                await still.reached(meanwhile[0], lambda found: found.planned)
            return await super().claim(lane, now, most)

    still.ledger = Interrupted
    await still.start()
    still.courier.halted = "for now"
    _, first = await still.publish("Мост открыт")
    await still.reached(first, lambda found: found.planned)
    ready.append(True)
    still.courier.halted = None
    still.ring()
    await still.done(first)
    await still.done(meanwhile[0])
    assert [text.splitlines()[0] for text in still.texts(anna)] == ["Мост открыт", "Ярмарка началась"]


async def test_what_is_published_while_the_ledger_is_set_back_overtakes_nothing(
    still: Engine,
) -> None:
    (anna,) = await still.readers(1)
    meanwhile: list[int] = []

    class Interrupted(Ledger):
        async def set_back(self, clock: Clock, by: timedelta) -> None:
            meanwhile.append((await still.publish("Ярмарка началась"))[1])
            await still.reached(meanwhile[0], lambda found: found.planned)
            await super().set_back(clock, by)

    still.ledger = Interrupted
    await still.start()
    still.courier.halted = "for now"
    _, first = await still.publish("Мост открыт")
    await still.reached(first, lambda found: found.planned)
    still.clock.advance(timedelta(hours=-1))
    still.courier.halted = None
    still.ring()
    await still.done(first)
    await still.done(meanwhile[0])
    assert [text.splitlines()[0] for text in still.texts(anna)] == ["Мост открыт", "Ярмарка началась"]


async def test_a_claim_that_nobody_carries_out_is_taken_back_when_its_lease_is_over(still: Engine) -> None:
    (anna,) = await still.readers(1)
    await still.start()
    still.courier.halted = "for now"
    _, bulletin = await still.publish("Мост открыт")
    await still.reached(bulletin, lambda found: found.planned)
    assert len(await still.claim(Lane.STORY)) == 1
    still.courier.halted = None
    still.clock.advance(LEASE)
    assert (await still.done(bulletin)).accepted == 1
    assert still.count(anna, "Мост открыт") == 1
