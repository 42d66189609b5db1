"""Paid broadcasts: only for their lanes, never over the ceiling or the balance, at a pace of their own."""

from __future__ import annotations

from datetime import timedelta

import pytest

from bot.model.clock import Clock
from bot.model.delivery import Lane
from bot.outbox.limits.paid_budget import AHEAD, FREE_A_SECOND, LEAST_BALANCE, PaidBudget
from bot.sandbox.calls.limits import Limits
from bot.store.engine.database import Database
from bot.store.operations import paid_usage
from tests.support.engine import Engine
from tests.support.transactions import reads

BOT = 700700
FLASHES = frozenset({Lane.FLASH})
RICH = 2 * LEAST_BALANCE

on_day = reads(paid_usage.on_day)


class Second:
    """Monotonic seconds that a test moves."""

    def __init__(self) -> None:
        self.at = 1000.0

    def __call__(self) -> float:
        return self.at


async def budget(db: Database, stars: float, *, balance: int = RICH) -> tuple[PaidBudget, Second, Clock]:
    second, clock = Second(), Clock()
    made = PaidBudget(db, BOT, clock, lanes=FLASHES, stars_a_day=stars, now=second)
    await made.look(balance, clock.now())
    return made, second, clock


async def test_the_free_messages_of_each_second_cost_nothing(db: Database) -> None:
    mine, second, _ = await budget(db, 100)
    for _ in range(3):
        assert all(mine.take() for _ in range(FREE_A_SECOND))
        second.at += 1
    assert mine.stars_today == 0
    assert all(mine.take() for _ in range(FREE_A_SECOND + 5))
    assert mine.stars_today == 0.5


async def test_the_ceiling_holds_to_the_message_also_across_a_crash(db: Database) -> None:
    mine, _, clock = await budget(db, 5)
    taken = sum(mine.take() for _ in range(200))
    assert taken <= FREE_A_SECOND + 50
    assert (mine.why_not, mine.pays(Lane.FLASH)) == ("ceiling", False)
    # A process that dies gives nothing back: what was counted ahead is counted.
    again = PaidBudget(db, BOT, clock, lanes=FLASHES, stars_a_day=5, now=Second())
    await again.look(RICH, clock.now())
    assert again.why_not == "ceiling"


async def test_what_was_counted_ahead_is_given_back_at_a_good_end(db: Database) -> None:
    mine, _, clock = await budget(db, 1000)
    assert all(mine.take() for _ in range(FREE_A_SECOND + 7))
    day = f"{clock.now():%Y-%m-%d}"
    assert await on_day(db, BOT, day) == AHEAD
    await mine.close()
    assert await on_day(db, BOT, day) == 7


async def test_a_new_day_begins_anew(db: Database) -> None:
    mine, _, clock = await budget(db, 5)
    while mine.take():
        pass
    await mine.look(RICH, clock.now() + timedelta(days=1))
    assert (mine.why_not, mine.stars_today) == ("", 0)


@pytest.mark.parametrize(("balance", "why"), [(LEAST_BALANCE - 1, "balance"), (LEAST_BALANCE, "")])
async def test_a_low_balance_pays_for_nothing(db: Database, balance: int, why: str) -> None:
    mine, _, _ = await budget(db, 100, balance=balance)
    assert (mine.why_not, mine.pays(Lane.FLASH)) == (why, not why)


async def test_only_the_lanes_that_are_named_are_paid_for(db: Database) -> None:
    mine, _, _ = await budget(db, 100)
    assert [lane for lane in Lane if mine.pays(lane)] == [Lane.FLASH]


async def test_what_telegram_refuses_is_not_paid_for_for_an_hour(db: Database) -> None:
    mine, second, _ = await budget(db, 100)
    mine.refused()
    assert (mine.why_not, mine.take()) == ("refused", False)
    second.at += 3601
    assert mine.pays(Lane.FLASH)


async def _paying(still: Engine, stars: float) -> PaidBudget:
    still.sandbox.set_stars(RICH)
    still.sandbox.gate.limits = Limits(per_second=30)
    still.rates["global_rate"] = 30
    still.window = 300
    still.paid_budget = PaidBudget(still.db, BOT, still.clock, lanes=FLASHES, stars_a_day=stars, now=Second())
    await still.paid_budget.look(RICH, still.clock.now())
    return still.paid_budget


async def test_a_flash_goes_out_at_the_paid_rate_and_a_story_at_the_free_one(still_sqlite: Engine) -> None:
    still = still_sqlite
    await _paying(still, 100)
    readers = await still.readers(150)
    await still.start()
    _, flash = await still.publish("Срочно", lane=Lane.FLASH, everybody=True)
    assert (await still.done(flash, 60)).accepted == 150
    calls = still.sandbox.calls(method="sendMessage")
    assert all(call["params"].get("allow_paid_broadcast") for call in calls)
    assert {call["status"] for call in calls} == {200}
    assert (await still.line.client.get_my_star_balance()).amount < RICH
    _, story = await still.publish("Обычное")
    await still.reached(story, lambda found: found.accepted >= 5)
    unpaid = still.sandbox.calls(method="sendMessage")[len(calls) :]
    assert not any("allow_paid_broadcast" in call["params"] for call in unpaid)
    assert all(still.count(reader, "Срочно") == 1 for reader in readers)


async def test_where_the_ceiling_is_reached_the_rest_goes_out_free_and_owners_hear_of_it(
    still_sqlite: Engine,
) -> None:
    still = still_sqlite
    mine = await _paying(still, 2)
    await still.readers(90)
    await still.start()
    _, flash = await still.publish("Срочно", lane=Lane.FLASH, everybody=True)
    assert (await still.done(flash, 60)).accepted == 90
    calls = still.sandbox.calls(method="sendMessage")
    bought = [call for call in calls if call["params"].get("allow_paid_broadcast")]
    assert 0 < len(bought) < 90
    assert mine.why_not == "ceiling"
    assert mine.stars_today <= 2


async def test_a_refused_payment_costs_nobody_the_flash(still_sqlite: Engine) -> None:
    still = still_sqlite
    mine = await _paying(still, 100)
    (anna,) = await still.readers(1)
    await still.start()
    still.sandbox.fault(
        "error", match={"method": "sendMessage"}, code=400, description="Bad Request: BALANCE_TOO_LOW"
    )
    _, flash = await still.publish("Срочно", lane=Lane.FLASH, everybody=True)
    assert (await still.done(flash)).accepted == 1
    assert still.count(anna, "Срочно") == 1
    assert mine.why_not == "refused"
