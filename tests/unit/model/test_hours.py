from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.model.hours import (
    EVERY_DAY,
    WEEKEND,
    WORKDAYS,
    DigestTime,
    next_after_move,
    next_at,
    quiet_end,
    zone_named,
)


@pytest.mark.parametrize(
    ("after", "local", "zone", "due"),
    [
        ("2026-05-04T05:59:00", time(9), "Europe/Moscow", "2026-05-04T06:00:00"),
        ("2026-05-04T06:00:00", time(9), "Europe/Moscow", "2026-05-05T06:00:00"),
        # Clocks in Berlin skip from 2:00 to 3:00 on that night, and show 2:30 twice on the other.
        ("2026-03-28T12:00:00", time(2, 30), "Europe/Berlin", "2026-03-29T01:30:00"),
        ("2026-10-24T12:00:00", time(2, 30), "Europe/Berlin", "2026-10-25T00:30:00"),
        ("2026-05-04T12:00:00", time(9), "Nowhere/Land", "2026-05-05T09:00:00"),
    ],
)
def test_the_hour_is_the_readers_own(after: str, local: time, zone: str, due: str) -> None:
    found = next_at(datetime.fromisoformat(after).replace(tzinfo=UTC), local, zone)
    assert found == datetime.fromisoformat(due).replace(tzinfo=UTC)


@given(
    st.datetimes(datetime(2020, 1, 1), datetime(2035, 1, 1)),
    st.times(),
    st.sampled_from(["Europe/Berlin", "Asia/Bishkek", "America/St_Johns", "Pacific/Apia", "UTC"]),
)
def test_the_next_hour_lies_ahead_within_two_days(after: datetime, local: time, zone: str) -> None:
    start = after.replace(tzinfo=UTC)
    due = next_at(start, local.replace(fold=0), zone)
    assert start < due <= start + timedelta(days=2)
    assert zone_named(zone) == ZoneInfo(zone)


@pytest.mark.parametrize(
    ("days", "due"),
    [
        (EVERY_DAY, "2026-05-09T09:00:00"),  # a Saturday
        (WORKDAYS, "2026-05-11T09:00:00"),
        (WEEKEND, "2026-05-09T09:00:00"),
        (1 << 2, "2026-05-13T09:00:00"),
        (0, "2026-05-09T09:00:00"),
    ],
)
def test_a_digest_comes_on_its_days_alone(days: int, due: str) -> None:
    friday = datetime(2026, 5, 8, 12, tzinfo=UTC)
    assert next_at(friday, time(9), "UTC", days) == datetime.fromisoformat(due).replace(tzinfo=UTC)


NIGHT, LONG = (time(23), time(7)), (time(1), time(10))


@pytest.mark.parametrize(
    ("now", "ends"),
    [
        ("2026-05-07T23:30", "2026-05-08T07:00"),  # Thursday to Friday
        ("2026-05-08T23:30", None),  # a Friday's evening is free: the night ends on a Saturday
        ("2026-05-09T01:00", "2026-05-09T10:00"),
        ("2026-05-10T09:59", "2026-05-10T10:00"),
        ("2026-05-10T10:00", None),
        ("2026-05-10T23:00", "2026-05-11T07:00"),  # a Sunday's evening is before a working day
    ],
)
def test_weekends_have_the_quiet_hours_of_the_day_on_which_they_end(now: str, ends: str | None) -> None:
    found = quiet_end(datetime.fromisoformat(now).replace(tzinfo=UTC), NIGHT, "UTC", weekend=LONG)
    assert found == (datetime.fromisoformat(ends).replace(tzinfo=UTC) if ends else None)


def test_weekends_may_have_no_quiet_hours_and_have_them_alone() -> None:
    saturday = datetime(2026, 5, 9, 3, tzinfo=UTC)
    assert quiet_end(saturday, NIGHT, "UTC", weekend=(time(), time())) is None
    assert quiet_end(saturday, None, "UTC", weekend=LONG) == saturday.replace(hour=10)
    assert quiet_end(saturday - timedelta(days=1), None, "UTC", weekend=LONG) is None


@pytest.mark.parametrize("zone", ["Europe/Berlin", "Asia/Almaty", "America/St_Johns", "UTC"])
@pytest.mark.parametrize("start", ["2026-03-26", "2026-10-22", "2024-02-27"])
@pytest.mark.parametrize("local", [time(2, 30), time(3), time(9), time(23, 30)])
def test_over_a_week_with_a_change_of_clocks_each_day_has_its_hour_once(
    zone: str, start: str, local: time
) -> None:
    there = ZoneInfo(zone)
    at = datetime.combine(datetime.fromisoformat(start), time(12), tzinfo=there).astimezone(UTC)
    days = []
    for _ in range(7):
        at = next_at(at, local, zone)
        days.append(at.astimezone(there).date())
    assert [day - days[0] for day in days] == [timedelta(days=each) for each in range(7)]


TIMES = (DigestTime(time(9)), DigestTime(time(18)))


def moved(pending: str, now: str, before: str, zone: str, last: str | None = "2026-05-03T09:00") -> datetime:
    due = next_after_move(
        datetime.fromisoformat(pending).replace(tzinfo=ZoneInfo(before)).astimezone(UTC),
        TIMES,
        datetime.fromisoformat(now).replace(tzinfo=UTC),
        before=before,
        zone=zone,
        last=datetime.fromisoformat(last).replace(tzinfo=UTC) if last else None,
    )
    assert due is not None
    return due


def test_who_moves_west_gets_no_hour_twice() -> None:
    # Had the one of 9:00 in Almaty (4:00 UTC); it is 6:30 in Berlin.
    due = moved("2026-05-04T18:00", "2026-05-04T04:30", "Asia/Almaty", "Europe/Berlin", "2026-05-04T04:00")
    assert due == datetime(2026, 5, 4, 16, tzinfo=UTC)


def test_who_moves_east_beyond_the_hour_gets_it_at_once_or_with_the_next() -> None:
    # It is 8:50 in Berlin, 11:50 in Almaty: 18:00 is far.
    now = datetime(2026, 5, 4, 6, 50, tzinfo=UTC)
    assert moved("2026-05-04T09:00", "2026-05-04T06:50", "Europe/Berlin", "Asia/Almaty") == now
    # In Vladivostok it is 16:50 then: the next comes soon.
    soon = moved("2026-05-04T09:00", "2026-05-04T06:50", "Europe/Berlin", "Asia/Vladivostok")
    assert soon == datetime(2026, 5, 4, 8, tzinfo=UTC)


def test_whoever_never_had_a_digest_waits_for_the_next_hour() -> None:
    due = moved("2026-05-04T09:00", "2026-05-04T06:50", "Europe/Berlin", "Asia/Almaty", None)
    assert due == datetime(2026, 5, 4, 13, tzinfo=UTC)


def test_over_the_date_line_nobody_waits_for_two_days() -> None:
    # Had the one of 18:00 in Auckland (6:00 UTC); in Honolulu it is still the day before.
    due = moved(
        "2026-05-05T09:00", "2026-05-04T07:00", "Pacific/Auckland", "Pacific/Honolulu", "2026-05-04T06:00"
    )
    assert due == datetime(2026, 5, 4, 19, tzinfo=UTC)
