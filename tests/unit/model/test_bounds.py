"""Caps: how many stories come at once in an hour, in a day, of a topic."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from bot.model.hours import Bounds, Got

MIDNIGHT = datetime(2026, 5, 4, tzinfo=UTC)
NOON = MIDNIGHT + timedelta(hours=12)


def test_an_hour_is_the_last_sixty_minutes_and_a_day_begins_at_midnight() -> None:
    bounds = Bounds(most_hour=1, most_day=3)
    got = Got(MIDNIGHT)
    assert got.takes(bounds, (), MIDNIGHT - timedelta(minutes=30))
    assert not got.takes(bounds, (), MIDNIGHT + timedelta(minutes=20)), "the last hour holds one"
    assert [got.takes(bounds, (), NOON + timedelta(hours=each)) for each in range(4)] == [
        True,
        True,
        True,
        False,
    ]


def test_a_busy_topic_is_full_while_others_have_room() -> None:
    got = Got(MIDNIGHT, most={1: 2})
    assert [got.takes(Bounds(), (1,), NOON) for _ in range(3)] == [True, True, False]
    assert got.takes(Bounds(), (2,), NOON)
    assert got.takes(Bounds(), (1, 2), NOON), "what another topic brings comes"
    assert not got.takes(Bounds(), (1,), NOON)


def test_what_came_yesterday_fills_no_topic_today() -> None:
    got = Got(MIDNIGHT, most={1: 1})
    got.count((1,), MIDNIGHT - timedelta(minutes=1))
    assert got.takes(Bounds(), (1,), NOON)
