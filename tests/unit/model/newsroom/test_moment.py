"""Times as editors write them."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from bot.model.errors import Refusal
from bot.model.newsroom.moment import LONGEST, moment

NOW = datetime(2026, 11, 26, 14, 20, tzinfo=UTC)
"""A Thursday; 20:20 in Bishkek, where the newsroom is."""

ZONE = "Asia/Bishkek"


def at(text: str) -> str:
    return moment(text, NOW, ZONE).at.astimezone(UTC).strftime("%m-%d %H:%M")


@pytest.mark.parametrize(
    ("words", "meant"),
    [
        ("22:30", "11-26 16:30"),
        ("в 22:30", "11-26 16:30"),
        ("at 10pm", "11-26 16:00"),
        ("завтра 9:00", "11-27 03:00"),
        ("Завтра, в 9", "11-27 03:00"),
        ("tomorrow 9am", "11-27 03:00"),
        ("tomorrow at 9 pm", "11-27 15:00"),
        ("послезавтра в 9 утра", "11-28 03:00"),
        ("сегодня 23:59", "11-26 17:59"),
        ("через 20 минут", "11-26 14:40"),
        ("через час", "11-26 15:20"),
        ("через полчаса", "11-26 14:50"),
        ("через 1 час 30 минут", "11-26 15:50"),
        ("через 2 ч", "11-26 16:20"),
        ("через 3 дня", "11-29 14:20"),
        ("in 20 minutes", "11-26 14:40"),
        ("in an hour", "11-26 15:20"),
        ("in 1h 30m", "11-26 15:50"),
        ("2026-12-01 10:00 Asia/Bishkek", "12-01 04:00"),
        ("2026-12-01 10:00 europe/moscow", "12-01 07:00"),
        ("2026-12-01 10:00 UTC", "12-01 10:00"),
        ("2026-12-01 10:00 +3", "12-01 07:00"),
        ("01.12 10:00", "12-01 04:00"),
        ("1 декабря в 10:00", "12-01 04:00"),
        ("December 1 at 10:00", "12-01 04:00"),
        ("в пятницу в 10", "11-27 04:00"),
        ("on friday at 10", "11-27 04:00"),
        ("в четверг в 22:00", "11-26 16:00"),
        ("в четверг в 10:00", "12-03 04:00"),
        ("18:30", "11-27 12:30"),
        ("12am", "11-26 18:00"),
    ],
)
def test_a_time_is_read_in_the_newsrooms_zone(words: str, meant: str) -> None:
    assert at(words) == meant


def test_an_hour_that_is_gone_means_tomorrow_and_says_so() -> None:
    assert moment("18:30", NOW, ZONE).tomorrow
    assert not moment("22:30", NOW, ZONE).tomorrow
    assert moment("18:30 Europe/Moscow", NOW, ZONE).zone == "Europe/Moscow"


@pytest.mark.parametrize("words", ["2026-11-26 10:00", "сегодня 9:00", "2025-12-01 10:00", "через 0 минут"])
def test_what_is_past_is_refused(words: str) -> None:
    with pytest.raises(Refusal, match="time-is-past"):
        moment(words, NOW, ZONE)


@pytest.mark.parametrize("words", ["2028-01-01 10:00", "через 9999 дней"])
def test_what_is_far_off_is_refused(words: str) -> None:
    with pytest.raises(Refusal, match="time-too-far"):
        moment(words, NOW, ZONE)


@pytest.mark.parametrize(
    "words",
    [
        *("", "10", "25:00", "18:61", "скоро", "tomorrow", "31.02 10:00", "13pm", "через", "in 5 moons"),
        *("32 декабря 10:00", "завтра завтра 9:00", "через 99999 дней", "18:30" * LONGEST, "²:00"),
    ],
)
def test_what_is_unclear_is_refused(words: str) -> None:
    with pytest.raises(Refusal, match="unclear-time"):
        moment(words, NOW, ZONE)


def test_an_unknown_zone_is_refused() -> None:
    with pytest.raises(Refusal, match="unknown-zone"):
        moment("18:30 Mars/Base", NOW, ZONE)


def test_an_hour_that_the_clocks_skip_is_the_moment_that_it_would_have_been() -> None:
    before = datetime(2027, 3, 27, 12, tzinfo=UTC)
    assert moment("2027-03-28 02:30 Europe/Berlin", before, ZONE).at == datetime(
        2027, 3, 28, 1, 30, tzinfo=UTC
    )
