"""A process that dies at any moment costs at most the calls in flight."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest

from bot.model.delivery import State
from bot.model.message import OutgoingMessage
from bot.outbox.failures import retry
from bot.rendering.article import ArticleRenderer
from bot.store.audience import subscriptions
from tests.support.engine import Engine
from tests.support.transactions import writes


async def test_a_death_between_claim_and_settlement_loses_nobody(still: Engine) -> None:
    still.rates["global_rate"] = 400
    readers = await still.readers(200)
    await still.start()
    _, bulletin = await still.publish("Мост открыт")
    at_most = dict.fromkeys([(await still.row(reader)).id for reader in readers], 1)
    for accepted in (20, 70, 130):
        await still.reached(bulletin, lambda found, least=accepted: found.accepted >= least)
        await still.kill()
        # What was on its way at a death, or not written down, is sent once more.
        for row in await still.rows():
            at_most[row.chat_id] += row.state is State.CLAIMED
        await still.start()
    assert (await still.done(bulletin)).accepted == 200
    counts = [still.count(reader, "Мост открыт") for reader in readers]
    assert min(counts) == 1
    assert [most for count, most in zip(counts, at_most.values(), strict=True) if count > most] == []


async def test_a_graceful_stop_repeats_nothing(still: Engine) -> None:
    still.rates["global_rate"] = 400
    readers = await still.readers(150)
    await still.start()
    _, bulletin = await still.publish("Мост открыт")
    for accepted in (20, 90):
        await still.reached(bulletin, lambda found, least=accepted: found.accepted >= least)
        await still.stop(60)
        assert all(row.state is not State.CLAIMED for row in await still.rows())
        await still.start()
    assert (await still.done(bulletin)).accepted == 150
    assert [still.count(reader, "Мост открыт") for reader in readers] == [1] * 150


async def test_a_message_that_was_placed_before_the_death_is_not_sent_again(still: Engine) -> None:
    (anna,) = await still.readers(1)
    await still.start()
    _, bulletin = await still.publish("Мост открыт")
    await still.done(bulletin)
    await still.stop()
    from sqlalchemy import update

    from bot.store.tables.ledger import delivery

    async with still.db.writer.begin() as tx:
        await tx.execute(update(delivery).values(state=State.CLAIMED, shown=None, accepted_at=None))
    await still.start()
    await still.done(bulletin)
    assert still.count(anna, "Мост открыт") == 1


class InParts(ArticleRenderer):
    """Shows a story as so many messages as its headline says."""

    def parts(self, story: Any, readership: Any, style: Any) -> tuple[OutgoingMessage, ...]:
        headline = story.content.headline
        count = int(headline.rpartition("×")[2])
        return tuple(OutgoingMessage(f"{headline}: часть {number + 1}") for number in range(count))


async def test_a_death_between_two_parts_goes_on_with_the_next_one(still: Engine) -> None:
    still.renderer = InParts
    anna, boris = await still.readers(2)
    still.sandbox.fault("hang", match={"chat_id": anna, "text_contains": "часть 3"}, seconds=3_600)
    await still.start()
    _, bulletin = await still.publish("Мост открыт ×3")
    await still.met()
    await still.reached(bulletin, lambda found: found.accepted == 1)
    async with asyncio.timeout(30):
        while len(await still.messages()) < 5:
            await asyncio.sleep(0.02)
    await still.kill()
    await still.start()
    await still.done(bulletin)
    for reader in (anna, boris):
        assert still.texts(reader) == [f"Мост открыт ×3: часть {number}" for number in (1, 2, 3)]
    assert [row.part for row in await still.messages()] == [0, 1, 2] * 2


async def test_a_part_that_fails_is_tried_again_alone(still: Engine, monkeypatch: Any) -> None:
    monkeypatch.setattr(retry, "FIRST_WAIT", 0.05)
    still.renderer = InParts
    (anna,) = await still.readers(1)
    still.sandbox.fault("500", match={"text_contains": "часть 2"}, times=2)
    await still.start()
    _, bulletin = await still.publish("Мост открыт ×3")
    await still.done(bulletin)
    assert still.texts(anna) == [f"Мост открыт ×3: часть {number}" for number in (1, 2, 3)]


@pytest.mark.parametrize(("before", "after"), [(3, 1), (1, 3), (2, 2)])
async def test_a_correction_may_need_fewer_or_more_messages(
    still_sqlite: Engine, before: int, after: int
) -> None:
    still = still_sqlite
    still.renderer = InParts
    readers = await still.readers(5)
    await still.start()
    article, bulletin = await still.publish(f"Мост открыт ×{before}")
    await still.done(bulletin)
    still.sandbox.fault("reset_before", match={"method": "deleteMessage"})
    await still.done(await still.correct(article, f"Мост закрыт ×{after}"))
    for reader in readers:
        assert still.texts(reader) == [f"Мост закрыт ×{after}: часть {n + 1}" for n in range(after)]
    await still.done(await still.take_away(article))
    assert [still.texts(reader) for reader in readers] == [[]] * 5
    assert await still.messages() == []


async def test_a_death_in_the_middle_of_a_correction_corrects_the_rest(still: Engine) -> None:
    still.renderer = InParts
    (anna,) = await still.readers(1)
    await still.start()
    article, bulletin = await still.publish("Мост открыт ×3")
    await still.done(bulletin)
    still.sandbox.fault("hang", match={"text_contains": "закрыт ×2: часть 2"}, seconds=3_600)
    corrected = await still.correct(article, "Мост закрыт ×2")
    await still.met()
    await still.kill()
    await still.start()
    await still.done(corrected)
    assert still.texts(anna) == [f"Мост закрыт ×2: часть {number}" for number in (1, 2)]


async def test_a_half_sent_story_is_withdrawn_also_from_who_unsubscribed(still: Engine) -> None:
    still.renderer = InParts
    (anna,) = await still.readers(1)
    still.sandbox.fault("hang", match={"text_contains": "часть 2"}, seconds=3_600)
    await still.start()
    article, _ = await still.publish("Мост открыт ×2")
    await still.met()
    async with asyncio.timeout(30):
        while not await still.messages():
            await asyncio.sleep(0.02)
    await still.kill()
    await writes(subscriptions.unsubscribe)(still.db, (await still.row(anna)).id, still.topic)
    killed = await still.take_away(article)
    await still.start()
    await still.done(killed)
    async with asyncio.timeout(30):
        while await still.messages():
            await asyncio.sleep(0.02)
    assert still.texts(anna) == []
