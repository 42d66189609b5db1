from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.model.hours import next_at, zone_named


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
