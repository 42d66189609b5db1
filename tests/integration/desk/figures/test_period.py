"""A period's figures: what went out, who came and went by day, and whom a topic reaches."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from bot.desk.figures import period, tally
from bot.model.chat import ChatKind, ChatState
from bot.model.delivery import Lane
from bot.model.following.mode import Mode
from bot.readers import membership, stories, topics
from bot.store.audience import chats
from tests.support.engine import Engine
from tests.support.readers import ASIA, BOT, ECONOMY, NOW, WORLD, Newsroom
from tests.support.transactions import writes

ZONE = "Asia/Kathmandu"
"""Five hours and three quarters ahead: its days begin at a quarter past 18 in UTC."""


async def figures(newsroom: Newsroom, days: int = 1, zone: str = ZONE) -> period.PeriodFigures:
    since = period.begin(newsroom.now, days, zone)
    until = newsroom.now + timedelta(seconds=1)
    return await period.of_period(newsroom.db, BOT, since, until, zone=zone)


def test_a_period_begins_at_midnight_of_the_newsroom() -> None:
    assert period.begin(NOW, 1, ZONE) == datetime(2026, 3, 1, 18, 15, tzinfo=UTC)
    assert period.begin(NOW, 7, ZONE) == datetime(2026, 2, 23, 18, 15, tzinfo=UTC)
    assert period.begin(NOW, 10**9, "UTC") == period.begin(NOW, period.MOST_DAYS, "UTC")


async def test_readers_gained_and_lost_are_counted_by_day_and_outlive_what_was_erased(
    newsroom: Newsroom,
) -> None:
    for number in (21, 22, 23):
        await newsroom.join(number)
    newsroom.now += timedelta(days=1)
    await membership.shut_out(newsroom.db, BOT, 21, reason="blocked", at=newsroom.now)
    # Who blocked the bot, and is found gone later, was lost once.
    gone = await membership.find(newsroom.db, BOT, 21)
    assert gone is not None
    await writes(chats.suspend)(newsroom.db, gone.id, ChatState.GONE, reason="deactivated", at=newsroom.now)
    left = await membership.find(newsroom.db, BOT, 22)
    assert left is not None
    await membership.leave(newsroom.db, left.id, newsroom.now)
    await membership.leave(newsroom.db, left.id, newsroom.now)
    found = await figures(newsroom, 2)
    assert [(each.gained, each.lost) for each in found.steps] == [(3, 0), (0, 2)]
    await newsroom.join(22)
    await newsroom.join(23)
    found = await figures(newsroom, 2)
    assert (found.gained, found.lost) == (4, 2)


async def test_a_follower_of_a_section_counts_for_what_lies_below_unless_it_is_off(
    newsroom: Newsroom,
) -> None:
    await newsroom.join(21, WORLD)
    second = await newsroom.join(22, WORLD)
    await topics.choose(newsroom.db, second.id, ASIA, newsroom.now, mode=Mode.OFF)
    await newsroom.join(23, ASIA)
    await newsroom.join(-24, WORLD, kind=ChatKind.CHANNEL)
    await newsroom.join(25, ECONOMY)
    await membership.shut_out(newsroom.db, BOT, 25, reason="blocked", at=newsroom.now)
    await tally.count_audiences(newsroom.db, BOT)
    found = await figures(newsroom)
    reached = {topic.slug: count for topic, count in found.audiences}
    assert reached == {"world": 3, "asia": 3, "economy": 0, "sport": 0}
    assert found.kinds == {"private": 3, "channel": 1}


async def test_stories_flashes_corrections_and_kills_of_the_period(still: Engine) -> None:
    await still.readers(3)
    await still.start()
    first, push = await still.publish("Мост открыт")
    await still.done(push)
    _, flash = await still.publish("Паром остановлен", lane=Lane.FLASH)
    await still.done(flash)
    await still.done(await still.correct(first, "Мост открыт для автобусов"))
    await still.done(await still.take_away(first))
    now = still.clock.now() + timedelta(minutes=1)
    await tally.count_pushes(still.db, now)
    await stories.opened(still.db, first)
    found = await period.of_period(still.db, BOT, now - timedelta(days=1), now, zone="UTC")
    assert (found.stories, found.flashes, found.corrections, found.kills) == (2, 1, 1, 1)
    assert (found.accepted, found.not_reached, found.waiting) == (6, 0, 0)
    assert found.flash_speed.half is not None
    assert found.flash_speed.half < 20
    assert [(each.article_id, each.reads) for each in found.most_read] == [(first, 1)]
    assert sum(each.stories for each in found.steps) == 2
    earlier = await period.of_period(
        still.db, BOT, now - timedelta(days=9), now - timedelta(days=8), zone="UTC"
    )
    assert (earlier.stories, earlier.accepted, earlier.speed.half) == (0, 0, None)


async def test_a_large_newsroom_counts_its_audiences_more_rarely(newsroom: Newsroom) -> None:
    seconds = iter([0.0, 2.0, 10.0, 403.0, 403.5])
    audiences = tally.Audiences(newsroom.db, BOT, lambda: next(seconds))
    await newsroom.join(21)
    await audiences.look(newsroom.now)
    await newsroom.join(22)
    await audiences.look(newsroom.now)
    assert (await figures(newsroom)).kinds == {"private": 1}
    await audiences.look(newsroom.now)
    assert (await figures(newsroom)).kinds == {"private": 2}
