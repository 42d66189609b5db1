"""Until when, as people write it."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from bot.conversations.people.until import read_until

NOW = datetime(2026, 11, 26, 20, 15, tzinfo=UTC)
"""In Bishkek the 27th has begun."""

MIDNIGHT = timedelta(hours=6)


@pytest.mark.parametrize(
    ("words", "day"),
    [
        ("до 1 декабря", (2026, 12, 1)),
        ("До 1-го декабря 2026 года.", (2026, 12, 1)),
        ("по 1 декабря", (2026, 12, 2)),
        ("1 мая", (2027, 5, 1)),
        ("до 27 ноября", (2027, 11, 27)),
        ("до 01.12", (2026, 12, 1)),
        ("до 29 февраля", (2028, 2, 29)),
        ("01.12.2027", (2027, 12, 1)),
        ("2026-12-01", (2026, 12, 1)),
        ("завтра", (2026, 11, 28)),
        ("until 1 December", (2026, 12, 1)),
        ("until December 1st", (2026, 12, 1)),
        ("through 1 December 2026", (2026, 12, 2)),
        ("until tomorrow", (2026, 11, 28)),
    ],
)
def test_a_day_begins_in_the_newsrooms_zone(words: str, day: tuple[int, int, int]) -> None:
    assert read_until(words, NOW, "Asia/Bishkek") == datetime(*day, tzinfo=UTC) - MIDNIGHT


@pytest.mark.parametrize(
    ("words", "length"),
    [
        ("на неделю", timedelta(weeks=1)),
        ("на 3 дня", timedelta(days=3)),
        ("2 часа", timedelta(hours=2)),
        ("на месяц", timedelta(days=30)),
        ("на сутки", timedelta(days=1)),
        ("for a week", timedelta(weeks=1)),
        ("for 10 days", timedelta(days=10)),
        ("a year", timedelta(days=365)),
    ],
)
def test_a_length_counts_from_now(words: str, length: timedelta) -> None:
    assert read_until(words, NOW, "Asia/Bishkek") == NOW + length


@pytest.mark.parametrize(
    "words",
    [
        *("", "скоро", "до", "на 0 дней", "до 31 февраля", "32 декабря", "до 1 мартобря", "1", "2020-01-01"),
        *("2026-13-01", "до 1 декабря 2020", "сегодня", "🎄", "до понедельника недели", "по 31.12.9999"),
    ],
)
def test_what_names_no_time_to_come_is_none(words: str) -> None:
    assert read_until(words, NOW, "Asia/Bishkek") is None
