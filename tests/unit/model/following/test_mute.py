"""For how long a mute holds, in the chat's own zone; what can be muted, and how a button names it."""

from __future__ import annotations

from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.model.following.mute import MuteKind, MuteSpan, MuteTarget, feed_of, read_target

ZONES = st.sampled_from(("Asia/Bishkek", "Europe/Berlin", "America/New_York", "Asia/Kathmandu", "UTC"))
TIMES = st.datetimes(datetime(2026, 1, 1), datetime(2027, 1, 1), timezones=st.just(UTC))


@given(TIMES, ZONES)
def test_until_tomorrow_is_until_the_next_midnight_there(now: datetime, zone: str) -> None:
    end = MuteSpan.TOMORROW.end(now, zone)
    assert end is not None
    assert now < end <= now + timedelta(hours=25)
    there = end.astimezone(ZoneInfo(zone))
    assert there.time() == time(0)
    assert there.date() == now.astimezone(ZoneInfo(zone)).date() + timedelta(days=1)


@given(TIMES, ZONES)
def test_a_week_is_seven_days_and_for_good_has_no_end(now: datetime, zone: str) -> None:
    assert MuteSpan.WEEK.end(now, zone) == now + timedelta(days=7)
    assert MuteSpan.GOOD.end(now, zone) is None


@given(st.sampled_from(MuteKind), st.integers(0, 10**18 - 1))
def test_a_button_names_a_target_and_is_read_again(kind: MuteKind, number: int) -> None:
    target = MuteTarget(kind, number)
    assert read_target(target.word) == target


@pytest.mark.parametrize("word", ["", "t", "5", "t-5", "x5", "t5 ", "t٣", "t" + "9" * 19, "tt5", "f1\n"])
def test_what_names_nothing_is_nothing(word: str) -> None:
    assert read_target(word) is None


def test_only_a_feeds_stories_have_a_source_to_mute() -> None:
    assert feed_of("feed:12") == 12
    assert [feed_of(each) for each in ("desk", "file:x", "feed:", "feed:x", "correction", "feed:1:2")] == [
        None
    ] * 6
