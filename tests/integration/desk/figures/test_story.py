"""A story's figures: counted while its deliveries are kept, and told for good."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import update

from bot.desk.figures import story, tally
from bot.model.delivery import Lane, State
from bot.model.errors import Refusal
from bot.operations.housekeeping import clean_up
from bot.readers import stories
from bot.store.desk import story_counts
from bot.store.ledger import push_counts
from bot.store.tables.ledger import bulletin, delivery
from tests.support.engine import Engine
from tests.support.transactions import reads, writes


async def delivered(engine: Engine, *seconds: float, lane: Lane = Lane.STORY) -> tuple[int, int]:
    """Bring a story to as many readers, each of whom Telegram accepted it for after so many seconds."""
    await engine.readers(len(seconds))
    number, bulletin_id = await engine.publish("Мост открыт", lane=lane)
    await engine.start()
    await engine.done(bulletin_id)
    await engine.stop()
    begun = engine.clock.now() - timedelta(hours=1)
    async with engine.db.write() as tx:
        for row, after in zip(await engine.rows(), seconds, strict=True):
            at = begun + timedelta(seconds=after)
            await tx.execute(
                update(delivery).where(delivery.c.chat_id == row.chat_id).values(accepted_at=at, due_at=begun)
            )
        await tx.execute(update(bulletin).values(created_at=begun))
    return number, bulletin_id


async def test_half_and_nine_of_ten_and_the_shares_only_where_it_took_that_long(still: Engine) -> None:
    number, _ = await delivered(still, *(5 * each for each in range(1, 11)))
    push = (await story.of_story(still.db, number)).first
    assert push is not None
    assert (push.planned, push.accepted, push.half_seconds, push.most_seconds) == (10, 10, 25, 45)
    assert push.slow == {30: 6}
    assert push.tenths[-1] == 50


async def test_who_asked_for_quiet_hours_is_counted_apart_and_slows_nothing(still: Engine) -> None:
    number, _ = await delivered(still, 1, 2, 3, 9 * 3600)
    last = (await still.rows())[-1]
    morning = last.accepted_at.replace(second=0, microsecond=0)
    async with still.db.write() as tx:
        await tx.execute(update(delivery).where(delivery.c.chat_id == last.chat_id).values(due_at=morning))
    push = (await story.of_story(still.db, number)).first
    assert push is not None
    assert (push.accepted, push.later, push.tenths[-1], push.slow) == (4, 1, 3, {})


async def test_failures_and_what_was_left_out_have_their_reasons(still: Engine) -> None:
    ids = await still.readers(4)
    number, bulletin_id = await still.publish("Мост открыт")
    still.sandbox.block(ids[0])
    await still.start()
    await still.done(bulletin_id)
    await still.stop()
    async with still.db.write() as tx:
        skipped = {"state": State.SKIPPED, "reason": "unsubscribed", "accepted_at": None, "shown": None}
        last = (await still.rows())[-1]
        await tx.execute(update(delivery).where(delivery.c.chat_id == last.chat_id).values(skipped))
    found = await story.of_story(still.db, number)
    assert (found.planned, found.accepted, found.reach) == (4, 2, 2)
    assert (found.failed, found.skipped) == ({"blocked": 1}, {"unsubscribed": 1})


async def test_a_corrected_story_says_where_the_correction_stands(still: Engine) -> None:
    number, _ = await delivered(still, 1, 2)
    await still.start()
    await still.done(await still.correct(number, "Мост открыт для автобусов"))
    found = await story.of_story(still.db, number)
    assert (found.corrections, found.edited, found.accepted, found.reach) == (1, 2, 2, 2)
    await still.done(await still.take_away(number))
    assert (await story.of_story(still.db, number)).reach == 0


async def test_what_was_counted_outlives_the_ledger(still: Engine) -> None:
    number, bulletin_id = await delivered(still, 1, 2, 40)
    await stories.opened(still.db, number)
    await stories.opened(still.db, number)
    now = still.clock.now() + timedelta(minutes=1)
    await tally.count_pushes(still.db, now)
    before = await story.of_story(still.db, number)
    await clean_up(still.db, now + timedelta(days=40), 30)
    assert await reads(push_counts.count)(still.db, bulletin_id) is None
    after = await story.of_story(still.db, number)
    assert (before.reach, after.reach) == (3, None)
    assert after.pushes == before.pushes
    assert (after.accepted, after.reads, after.pushes[0].slow) == (3, 2, {30: 2})


async def test_an_open_push_is_counted_again_ever_more_rarely_and_a_day_long(still: Engine) -> None:
    await still.readers(2)
    _, bulletin_id = await still.publish("Мост открыт")
    begun = still.clock.now()

    async def due_after(**span: float) -> bool:
        return bulletin_id in await reads(push_counts.due)(still.db, begun + timedelta(**span), 10)

    await tally.count_pushes(still.db, begun)
    assert not await due_after(seconds=14)
    assert await due_after(seconds=15)
    await tally.count_pushes(still.db, begun + timedelta(hours=4))
    assert not await due_after(hours=4, minutes=59)
    assert await due_after(hours=5, seconds=5)
    await tally.count_pushes(still.db, begun + timedelta(days=1))
    assert not await due_after(days=9)


async def test_reactions_and_readings_are_counts_that_never_fall_below_nothing(still: Engine) -> None:
    number, _ = await delivered(still, 1)
    add = writes(story_counts.add)
    for sign, more in (("👍", 1), ("👍", 1), ("🔥", 1), ("🔥", -3), ("👎", -1)):
        await add(still.db, number, sign, more)
    found = await story.of_story(still.db, number)
    assert (found.reads, found.reactions) == (0, {"👍": 2})


async def test_there_are_no_figures_of_no_story(still: Engine) -> None:
    with pytest.raises(Refusal) as refused:
        await story.of_story(still.db, 99)
    assert refused.value.code == "not-found"
