"""What waits for a chat comes as one message: after quiet hours, where many wait, after an absence; caps."""

from __future__ import annotations

from datetime import UTC, datetime, time, timedelta
from typing import Any

import pytest
from sqlalchemy import select, update

from bot.bell import LocalBell
from bot.desk.amend import kill
from bot.matching.catch_up import plan_catch_ups
from bot.matching.digest import plan_due
from bot.matching.matcher import Matcher
from bot.model.clock import Clock
from bot.model.delivery import Lane, State, SubjectKind
from bot.model.story.digest import Occasion
from bot.readers import settings
from bot.readers.hours import news_hours
from bot.store.audience import digests
from bot.store.ledger import claims
from bot.store.tables.ledger import delivery
from tests.support.readers import BOT, ECONOMY, SPORT, Newsroom
from tests.support.transactions import reads, writes

NIGHT = datetime(2026, 3, 3, 1, tzinfo=UTC)
MORNING = NIGHT.replace(hour=7)
LIVES = {Lane.STORY: timedelta(hours=3)}


class At(Clock):
    """A clock that stands."""

    def __init__(self, moment: datetime) -> None:
        super().__init__()
        self._moment = moment

    def now(self) -> datetime:
        return self._moment


async def planned(newsroom: Newsroom) -> None:
    matcher = Matcher(newsroom.db, At(newsroom.now), LocalBell(), lives=LIVES, planned=lambda _lane: None)
    while await matcher.step():
        pass


async def stories(newsroom: Newsroom, count: int, topic: int = ECONOMY, name: str = "Сводка") -> list[int]:
    made = [await newsroom.story(f"{name} {number}", topic) for number in range(1, count + 1)]
    await planned(newsroom)
    return made


async def claimed(newsroom: Newsroom, at: datetime, lane: Lane = Lane.STORY) -> list[int]:
    """Claim what is due, count it as sent, and return the stories."""
    found = await writes(claims.claim)(newsroom.db, BOT, lane, at, limit=100, lease=timedelta(minutes=1))
    await sent(newsroom.db, at)
    return [each.subject.id for each in found.deliveries]


@writes
async def sent(tx: Any, at: datetime) -> None:
    done = {"state": State.DONE, "shown": delivery.c.wanted, "accepted_at": at, "lease_until": None}
    await tx.execute(update(delivery).where(delivery.c.state == State.CLAIMED).values(done))


@reads
async def told(tx: Any) -> list[tuple[Occasion | None, list[str]]]:
    """Return the messages with several stories, each with why it was made and its headlines."""
    rows = await tx.execute(
        select(delivery.c.subject_id)
        .where(delivery.c.kind == SubjectKind.DIGEST, delivery.c.state != State.SKIPPED)
        .order_by(delivery.c.subject_id)
    )
    found = []
    for digest_id in rows.scalars().all():
        digest = await digests.get(tx, digest_id)
        assert digest is not None
        headlines = [one.content.headline for part in digest.sections for one in part.articles]
        found.append((digest.occasion, headlines))
    return found


async def asleep(newsroom: Newsroom, **choices: Any) -> int:
    """Let somebody read the economy and sleep from 23 to 7; return the chat."""
    here = await newsroom.join(21, ECONOMY)
    chosen = {"quiet": (time(23), time(7)), "zone": "UTC"} | choices
    await settings.choose(newsroom.db, here.id, newsroom.now, **chosen)
    newsroom.now = NIGHT
    return here.id


@pytest.mark.parametrize("count", [3, 4])
async def test_after_quiet_hours_more_than_three_come_as_one_even_what_was_too_late_by_then(
    newsroom: Newsroom, count: int
) -> None:
    await asleep(newsroom)
    made = await stories(newsroom, count)
    assert await claimed(newsroom, newsroom.now) == []
    assert await plan_catch_ups(newsroom.db, BOT, newsroom.now) == 0
    assert await claimed(newsroom, MORNING) == [], "what gathers them comes first"
    assert await plan_catch_ups(newsroom.db, BOT, MORNING) == (count > 3)
    assert await claimed(newsroom, MORNING) == ([] if count > 3 else made)
    expected = [f"Сводка {number}" for number in range(count, 0, -1)]
    assert await told(newsroom.db) == ([(Occasion.QUIET, expected)] if count > 3 else [])


async def test_who_wants_each_by_itself_gets_each(newsroom: Newsroom) -> None:
    await asleep(newsroom, merges=False)
    made = await stories(newsroom, 5)
    assert await claimed(newsroom, newsroom.now) == []
    await plan_catch_ups(newsroom.db, BOT, MORNING)
    assert await claimed(newsroom, MORNING) == made


async def test_what_nobody_gathers_comes_by_itself_some_minutes_later(newsroom: Newsroom) -> None:
    await asleep(newsroom)
    made = await stories(newsroom, 2)
    assert await claimed(newsroom, newsroom.now) == []
    assert await claimed(newsroom, MORNING + timedelta(minutes=6)) == made


async def test_a_killed_story_leaves_the_message_in_which_it_came(newsroom: Newsroom) -> None:
    await asleep(newsroom)
    made = await stories(newsroom, 4)
    await claimed(newsroom, newsroom.now)
    await plan_catch_ups(newsroom.db, BOT, MORNING)
    assert len(await claimed(newsroom, MORNING, Lane.DIGEST)) == 1
    newsroom.now = MORNING
    await kill(newsroom.db, made[0], MORNING)
    await planned(newsroom)
    assert len(await claimed(newsroom, MORNING + timedelta(seconds=1), Lane.KILL)) == 1
    assert "Сводка 1" not in (await told(newsroom.db))[0][1]


@pytest.mark.parametrize("count", [5, 6])
async def test_many_that_wait_for_one_chat_come_as_one(newsroom: Newsroom, count: int) -> None:
    here = await newsroom.join(21, ECONOMY)
    made = await stories(newsroom, count)
    later = newsroom.now + timedelta(minutes=10)
    assert await claimed(newsroom, later) == (made if count == 5 else [])
    assert await plan_catch_ups(newsroom.db, BOT, later) == (count == 6)
    assert [why for why, _ in await told(newsroom.db)] == ([Occasion.MANY] if count == 6 else [])
    assert here.id


async def test_many_at_once_come_one_by_one_while_they_are_new(newsroom: Newsroom) -> None:
    await newsroom.join(21, ECONOMY)
    made = await stories(newsroom, 8)
    assert await claimed(newsroom, newsroom.now) == made


async def test_what_is_above_the_cap_comes_in_the_digest(newsroom: Newsroom) -> None:
    here = await newsroom.join(21, ECONOMY)
    await settings.choose(newsroom.db, here.id, newsroom.now, zone="UTC", digest_at=(time(19),))
    await news_hours.cap(newsroom.db, here.id, newsroom.now, hour=2, day=3)
    made = await stories(newsroom, 3)
    assert await claimed(newsroom, newsroom.now) == made[:2]
    newsroom.now += timedelta(hours=2)
    again = await stories(newsroom, 2, name="Позже")
    assert await claimed(newsroom, newsroom.now) == again[:1]
    evening = newsroom.now.replace(hour=19, minute=0)
    assert await plan_due(newsroom.db, BOT, evening) == 1
    assert await told(newsroom.db) == [(None, ["Позже 2", "Сводка 3"])]


async def test_a_busy_topic_has_a_cap_of_its_own(newsroom: Newsroom) -> None:
    here = await newsroom.join(21, ECONOMY, SPORT)
    await news_hours.cap_topic(newsroom.db, here.id, newsroom.now, topic_id=ECONOMY, most=1)
    made = await stories(newsroom, 2)
    sport = await stories(newsroom, 2, SPORT, "Матч")
    assert await claimed(newsroom, newsroom.now) == [made[0], *sport]
    here = await news_hours.cap_topic(newsroom.db, here.id, newsroom.now, topic_id=ECONOMY, most=None)
    assert [each.at for each in here.digest_times] == [time(19)]


@pytest.mark.parametrize("flash", [False, True])
async def test_after_an_absence_the_main_things_come_once(newsroom: Newsroom, flash: bool) -> None:
    here = await newsroom.join(21, ECONOMY)
    await settings.choose(newsroom.db, here.id, newsroom.now, zone="UTC", digest_at=(time(9),))
    begins, ends = newsroom.now, newsroom.now + timedelta(days=3, hours=2)
    await news_hours.leave_alone(newsroom.db, here.id, begins, ends, flash=flash)
    made = await stories(newsroom, 4)
    assert await claimed(newsroom, newsroom.now) == []
    for day in range(1, 4):
        assert await plan_due(newsroom.db, BOT, begins + timedelta(days=day)) == 0
    assert await plan_catch_ups(newsroom.db, BOT, ends) == 1
    assert [why for why, _ in await told(newsroom.db)] == [Occasion.AWAY]
    assert len((await told(newsroom.db))[0][1]) == len(made)
    assert await plan_catch_ups(newsroom.db, BOT, ends + timedelta(hours=1)) == 0
    newsroom.now = ends
    assert await claimed(newsroom, ends, Lane.DIGEST)
    assert await plan_due(newsroom.db, BOT, ends + timedelta(days=1)) == 0, "nothing is told twice"
    after = await stories(newsroom, 1, name="После")
    assert await claimed(newsroom, newsroom.now) == after


async def test_who_comes_back_early_gets_it_at_once(newsroom: Newsroom) -> None:
    here = await newsroom.join(21, ECONOMY)
    await news_hours.leave_alone(newsroom.db, here.id, newsroom.now, newsroom.now + timedelta(days=7))
    await stories(newsroom, 2)
    assert await claimed(newsroom, newsroom.now) == []
    newsroom.now += timedelta(hours=1)
    await news_hours.come_back(newsroom.db, here.id, newsroom.now)
    assert await plan_catch_ups(newsroom.db, BOT, newsroom.now) == 1
    here = await news_hours.come_back(newsroom.db, here.id, newsroom.now)
    assert here.bounds.away_since is None
