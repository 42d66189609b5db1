"""Spans of time in short."""

from __future__ import annotations

from datetime import timedelta

import pytest

from bot.rendering.text.times import short_span


@pytest.mark.parametrize(
    ("span", "russian", "english"),
    [
        (timedelta(seconds=5), "1 мин", "1 min"),
        (timedelta(minutes=59, seconds=59), "59 мин", "59 min"),
        (timedelta(hours=2, minutes=10), "2 ч 10 мин", "2 hr 10 min"),
        (timedelta(hours=24), "1 дн.", "1 day"),
        (timedelta(days=3, hours=2, minutes=5), "3 дн. 2 ч", "3 days 2 hr"),
        (timedelta(days=3, minutes=5), "3 дн.", "3 days"),
    ],
)
def test_a_span_is_told_by_its_two_greatest_units(span: timedelta, russian: str, english: str) -> None:
    assert [short_span(span, each).replace("\u00a0", " ") for each in ("ru", "en")] == [russian, english]
