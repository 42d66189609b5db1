"""Digests that fall due: at the chat's hours, once each, with what is new and nothing told before."""

from __future__ import annotations

from datetime import UTC, datetime, time, timedelta
from typing import Any

import pytest
from sqlalchemy import select, update

from bot.matching.digest import plan_due
from bot.model.chat import Chat
from bot.model.delivery import State, SubjectKind
from bot.readers import membership, settings
from bot.store.audience import digests
from bot.store.tables.ledger import delivery
from tests.support.readers import BOT, ECONOMY, SPORT, Newsroom
from tests.support.transactions import reads, writes

EIGHT = datetime(2026, 3, 2, 8, tzinfo=UTC)


async def reader(newsroom: Newsroom, *hours: int, **choices: Any) -> Chat:
    """Return a chat that reads the economy in digests at those hours (UTC) alone."""
    newsroom.now = EIGHT
    here = await newsroom.join(21, ECONOMY)
    chosen: dict[str, Any] = {"instant": False, "zone": "UTC", "digest_at": tuple(map(time, hours))}
    return await settings.choose(newsroom.db, here.id, EIGHT, **chosen | choices)


@reads
async def told(tx: Any) -> list[tuple[State, list[str]]]:
    """Return the digests' deliveries, oldest first, each with its headlines."""
    where = (delivery.c.kind == SubjectKind.DIGEST,)
    rows = (await tx.execute(select(delivery).where(*where).order_by(delivery.c.subject_id))).all()
    found = []
    for row in rows:
        digest = await digests.get(tx, row.subject_id)
        assert digest is not None
        found.append((row.state, [one.content.headline for part in digest.sections for one in part.articles]))
    return found


@writes
async def sent(tx: Any) -> None:
    """Let all that waits have been sent."""
    await tx.execute(update(delivery).values(state=State.DONE, shown=1))


def at(hour: int, day: int = 2) -> datetime:
    return datetime(2026, 3, day, hour, tzinfo=UTC)


async def test_a_digest_comes_at_each_of_two_hours_and_repeats_nothing(newsroom: Newsroom) -> None:
    await reader(newsroom, 9, 18)
    await newsroom.story("Утро", ECONOMY)
    await newsroom.story("Чужое", SPORT)
    assert await plan_due(newsroom.db, BOT, at(8)) == 0
    assert await plan_due(newsroom.db, BOT, at(9)) == 1
    assert await plan_due(newsroom.db, BOT, at(9)) == 0
    await sent(newsroom.db)
    newsroom.now = at(12)
    await newsroom.story("День", ECONOMY)
    assert await plan_due(newsroom.db, BOT, at(18)) == 1
    assert await told(newsroom.db) == [(State.DONE, ["Утро"]), (State.WAITING, ["День"])]


@pytest.mark.parametrize(("says_so", "expected"), [(False, []), (True, [(State.WAITING, [])])])
async def test_an_empty_one_is_silent_unless_the_chat_wants_to_be_told(
    newsroom: Newsroom, says_so: bool, expected: list[Any]
) -> None:
    await reader(newsroom, 9, digest_empty=says_so)
    assert await plan_due(newsroom.db, BOT, at(9)) == len(expected)
    assert await told(newsroom.db) == expected
    found = await membership.find(newsroom.db, BOT, 21)
    assert found is not None
    assert found.digest_due == at(9, day=3)


async def test_digests_missed_while_the_bot_was_down_are_one(newsroom: Newsroom) -> None:
    await reader(newsroom, 9, 18)
    assert await plan_due(newsroom.db, BOT, at(9)) == 0
    for day in (2, 3, 4):
        newsroom.now = at(20, day)
        await newsroom.story(f"День {day}", ECONOMY)
    assert await plan_due(newsroom.db, BOT, at(21, day=4)) == 1
    assert await told(newsroom.db) == [(State.WAITING, ["День 4", "День 3", "День 2"])]


async def test_one_that_never_got_out_is_told_by_the_next(newsroom: Newsroom) -> None:
    await reader(newsroom, 9)
    await newsroom.story("Вчера", ECONOMY)
    assert await plan_due(newsroom.db, BOT, at(9)) == 1
    newsroom.now = at(20)
    await newsroom.story("Сегодня", ECONOMY)
    assert await plan_due(newsroom.db, BOT, at(9, day=3)) == 1
    assert await told(newsroom.db) == [(State.SKIPPED, ["Вчера"]), (State.WAITING, ["Сегодня", "Вчера"])]


async def test_no_digest_reaches_back_further_than_a_week(newsroom: Newsroom) -> None:
    await reader(newsroom, 9)
    await plan_due(newsroom.db, BOT, at(9))
    newsroom.now = at(10)
    await newsroom.story("Давно", ECONOMY)
    newsroom.now = at(10, day=20)
    await newsroom.story("Недавно", ECONOMY)
    assert await plan_due(newsroom.db, BOT, at(12, day=20)) == 1
    assert await told(newsroom.db) == [(State.WAITING, ["Недавно"])]


async def test_whoever_left_or_gave_digests_up_gets_none(newsroom: Newsroom) -> None:
    here = await reader(newsroom, 9)
    await newsroom.story("Утро", ECONOMY)
    await settings.choose(newsroom.db, here.id, EIGHT, digest_at=())
    assert await plan_due(newsroom.db, BOT, at(9)) == 0
    await settings.choose(newsroom.db, here.id, EIGHT, digest_at=(time(9),))
    await membership.leave(newsroom.db, here.id, EIGHT + timedelta(minutes=1))
    assert await plan_due(newsroom.db, BOT, at(9, day=3)) == 0
    assert await told(newsroom.db) == []
