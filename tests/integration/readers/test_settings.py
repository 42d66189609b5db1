"""What a chat chooses is kept, what makes no sense is refused, and it takes effect at once."""

from __future__ import annotations

from datetime import UTC, datetime, time, timedelta
from functools import partial

import pytest

from bot.matching.catch_up import plan_catch_ups
from bot.model.delivery import Lane
from bot.model.errors import Refusal
from bot.readers import settings
from bot.store.ledger import claims
from tests.support.engine import matcher_of
from tests.support.readers import BOT, ECONOMY, Newsroom
from tests.support.transactions import writes

CHOICES = {
    "form": "headline",
    "pictures": False,
    "quiet": (time(23), time(7)),
    "digest_size": 10,
    "digest_empty": True,
    "instant": False,
    "language": "en",
}


async def test_each_choice_is_kept_and_can_be_taken_back(newsroom: Newsroom) -> None:
    here = await newsroom.join()
    chosen = await settings.choose(newsroom.db, here.id, newsroom.now, **CHOICES)
    assert {name: getattr(chosen, name) for name in CHOICES} == CHOICES
    before = {name: getattr(here, name) for name in CHOICES}
    assert await settings.choose(newsroom.db, here.id, newsroom.now, **before) == here


@pytest.mark.parametrize("zone", ["Mars/Base", "", "../etc/passwd", "europe/moscow\n"])
async def test_a_zone_that_does_not_exist_is_refused(newsroom: Newsroom, zone: str) -> None:
    here = await newsroom.join()
    with pytest.raises(Refusal, match="unknown-zone"):
        await settings.choose(newsroom.db, here.id, newsroom.now, zone=zone)


async def test_the_next_digest_is_at_the_nearer_of_two_hours_in_the_chats_zone(newsroom: Newsroom) -> None:
    here = await newsroom.join()
    noon = datetime(2026, 3, 2, 12, tzinfo=UTC)  # 15:00 in Moscow
    chosen = await settings.choose(newsroom.db, here.id, noon, digest_at=(time(18), time(9)))
    assert chosen.digest_at == (time(9), time(18))
    assert chosen.digest_due == datetime(2026, 3, 2, 15, tzinfo=UTC)
    chosen = await settings.choose(newsroom.db, here.id, noon, zone="Asia/Vladivostok")  # 22:00 there
    assert chosen.digest_due == datetime(2026, 3, 2, 23, tzinfo=UTC)
    chosen = await settings.choose(newsroom.db, here.id, noon, digest_at=())
    assert chosen.digest_due is None


async def _match(newsroom: Newsroom) -> None:
    matcher = matcher_of(newsroom.db)
    while await matcher.step():
        pass


async def test_quiet_hours_hold_stories_back_and_changed_ones_let_them_go(newsroom: Newsroom) -> None:
    here = await newsroom.join(21, ECONOMY)
    await settings.choose(newsroom.db, here.id, newsroom.now, quiet=(time(11), time(14)), zone="UTC")
    await newsroom.story("Курс вырос", ECONOMY)
    await _match(newsroom)
    noon = datetime.now(UTC).replace(hour=12, minute=0) + timedelta(days=1)

    async def claimed(now: datetime) -> int:
        claim = writes(claims.claim)
        return len(
            (await claim(newsroom.db, BOT, Lane.STORY, now, limit=10, lease=timedelta(minutes=1))).deliveries
        )

    assert await claimed(noon) == 0
    assert await claimed(noon + timedelta(hours=1)) == 0
    await settings.choose(newsroom.db, here.id, noon, quiet=(time(1), time(2)))
    await plan_catch_ups(newsroom.db, BOT, noon)
    assert await claimed(noon) == 1


async def test_quiet_hours_end_by_themselves(newsroom: Newsroom) -> None:
    here = await newsroom.join(21, ECONOMY)
    await settings.choose(newsroom.db, here.id, newsroom.now, quiet=(time(23), time(7)), zone="UTC")
    await newsroom.story("Курс вырос", ECONOMY)
    await _match(newsroom)
    night = datetime.now(UTC).replace(hour=23, minute=30) + timedelta(days=1)
    claim = partial(writes(claims.claim), newsroom.db, BOT, Lane.STORY, limit=10, lease=timedelta(minutes=1))
    assert (await claim(night)).deliveries == []
    morning = (night + timedelta(days=1)).replace(hour=7, minute=0, second=1)
    await plan_catch_ups(newsroom.db, BOT, morning)
    assert len((await claim(morning)).deliveries) == 1
