"""What goes out first, and what may no longer go out, over HTTP against the sandbox."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime, timedelta
from typing import Any

import pytest

from bot.model.delivery import Lane
from bot.outbox import lanes
from bot.outbox.ledger import Ledger
from bot.store.audience import subscriptions
from bot.store.newsroom import topics
from tests.support.engine import Engine, matcher_of
from tests.support.transactions import writes


async def test_a_flash_overtakes_a_thousand_waiting_stories(still: Engine) -> None:
    still.rates["global_rate"] = 200
    readers = await still.readers(100)
    await still.start()
    _, first = await still.publish("Сводка 0")
    for number in range(1, 10):
        await still.publish(f"Сводка {number}")
    await still.reached(first, lambda found: found.accepted >= 20)
    _, flash = await still.publish("Срочно: мост закрыт", lane=Lane.FLASH, everybody=True)
    await still.reached(flash, lambda found: found.planned)
    before = len(still.sandbox.calls(method="sendMessage"))
    await still.done(flash)
    sent = [call["params"]["text"] for call in still.sandbox.calls(method="sendMessage")]
    flashes = [at for at, text in enumerate(sent) if "Срочно" in text]
    assert len(flashes) == len(readers)
    # What waited for its slot, and what was on its way to Telegram, may still go first.
    ahead = still.window + int(still.rates["global_rate"])
    assert flashes[0] - before < ahead
    assert flashes[-1] - flashes[0] < len(readers) + ahead


async def test_a_flash_planned_while_its_lane_is_found_empty_waits_for_no_next_look(
    still: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(lanes, "LOOK_SECONDS", 3600.0)
    (anna,) = await still.readers(1)
    made: list[int] = []

    class Interrupted(Ledger):
        async def lanes_due(self, now: datetime) -> Collection[Lane]:
            found = await super().lanes_due(now)
            if Lane.FLASH not in found and not made:
                flash = await still.publish("Срочно: мост закрыт", lane=Lane.FLASH, everybody=True)
                made.append(flash[1])
                await still.reached(made[0], lambda found: found.planned)
            return found

    still.ledger = Interrupted
    await still.start()
    await still.eventually(lambda: made)
    assert (await still.done(made[0])).accepted == 1
    assert still.count(anna, "мост закрыт") == 1


async def test_a_chat_gets_its_stories_in_the_order_of_publication(still: Engine) -> None:
    readers = await still.readers(6)
    for number in range(8):
        await still.publish(f"Сводка {number}")
    # The order is that of what waits: a story that is planned after a failure need not wait for the failed one.
    while await matcher_of(still.db).step():
        pass
    still.sandbox.fault("500", match={"chat_id": readers[0]}, times=1)
    still.sandbox.fault("slow", match={"chat_id": readers[1]}, seconds=0.5)
    still.sandbox.fault("429", match={"chat_id": readers[2]}, retry_after=1, scope="chat")
    await still.start()
    for number in range(1, 9):
        await still.done(number)
    for reader in readers:
        assert [text for text in still.texts(reader) if "Сводка" in text] == sorted(still.texts(reader))


async def test_what_waited_too_long_is_skipped_with_that_reason(still: Engine) -> None:
    await still.readers(3)
    _, bulletin = await still.publish("Мост открыт")
    await still.start()
    still.courier.halted = "for now"
    await still.reached(bulletin, lambda found: found.planned)
    still.clock.advance(timedelta(days=2))
    still.courier.halted = None
    assert (await still.done(bulletin)).skipped == {"too-late": 3}


async def test_who_unsubscribed_after_the_plan_gets_nothing(still: Engine) -> None:
    anna, boris = await still.readers(2)
    await still.start()
    still.courier.halted = "for now"
    _, bulletin = await still.publish("Мост открыт")
    await still.reached(bulletin, lambda found: found.planned)

    @writes
    async def leave(tx: Any) -> None:
        await subscriptions.unsubscribe(tx, (await still.row(anna)).id, still.topic)

    await leave(still.db)
    still.courier.halted = None
    told = await still.done(bulletin)
    assert (told.accepted, sum(told.skipped.values())) == (1, 1)
    assert (still.count(anna, "Мост"), still.count(boris, "Мост")) == (0, 1)


async def test_who_forgets_one_topic_still_gets_the_others(still: Engine) -> None:
    (anna,) = await still.readers(1)
    economy = still.topic

    @writes
    async def follow_another(tx: Any) -> None:
        still.topic = await topics.put(tx, "sport", {"ru": "Спорт"}, origin="file")
        await subscriptions.subscribe(tx, (await still.row(anna)).id, still.topic, still.clock.now())

    _, first = await still.publish("Мост открыт")
    await follow_another(still.db)
    _, second = await still.publish("Матч начался")
    await still.start()
    still.courier.halted = "for now"
    for bulletin in (first, second):
        await still.reached(bulletin, lambda found: found.planned)
    await writes(subscriptions.unsubscribe)(still.db, (await still.row(anna)).id, economy)
    still.courier.halted = None
    await still.done(first)
    assert (await still.done(second)).accepted == 1
    assert (still.count(anna, "Мост"), still.count(anna, "Матч")) == (0, 1)
