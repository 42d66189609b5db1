"""Times of stories: in the orders and languages that sources write, and believed only where they can be."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.sources.text.times import AHEAD, FIRST, story_time

NOW = datetime(2026, 7, 10, 12, tzinfo=UTC)


def read(text: object) -> str | None:
    at = story_time(text, now=NOW)
    return at and f"{at:%Y-%m-%d %H:%M}"


@pytest.mark.parametrize(
    "text",
    [
        "Mon, 06 Jul 2026 14:30:00 +0000",
        "Mon, 06 Jul 26 14:30 GMT",
        "Monday, 06-Jul-26 14:30:00 UTC",
        "Mon Jul  6 14:30:00 2026",
        "Mon Jul 06 14:30:00 UTC 2026",
        "July 6, 2026 2:30 PM",
        "Пн, 06 июл 2026 14:30:00 +0000",
        "6 июля 2026 г. в 14:30",
        "Понедельник, 6 июля 2026, 14:30",
        "понеділок, 6 липня 2026 14:30",
        "панядзелак, 6 ліпеня 2026 14:30",
        "Mo, 06 Jul 2026 14:30:00",
        "Montag, 6. Juli 2026, 14:30 Uhr",
        "lun., 6 juil. 2026 14:30:00",
        "lundi 6 juillet 2026 à 14h30",
        "lun, 6 jul 2026 14:30:00",
        "6 de julio de 2026, 14:30",
        "lunedì 6 luglio 2026 14:30",
        "lug 6 2026 14:30",
        "6. heinäkuuta 2026 klo 14.30",
        "segunda-feira, 6 de julho de 2026 14:30",
        "poniedziałek, 6 lipca 2026 14:30",
        "6 Temmuz 2026 14:30",
        "6. juli 2026 kl. 14.30",
        "06.07.2026 14:30",
        "6.7.26 14:30",
        "14:30, 06.07.2026",
        "2026/7/6 14:30:00",
        "2026.07.06 14:30",
        "2026年7月6日 14:30",
        "20260706143000",
        "20260706T143000Z",
        "2026-07-06T14:30:00.123456789Z",
        "2026-07-06 14:30:00.0",
        "1783348200",
        "1783348200000",
        1783348200,
        1783348200.5,
    ],
)
def test_one_time_is_written_in_many_ways(text: object) -> None:
    assert read(text) == "2026-07-06 14:30"


@pytest.mark.parametrize(
    ("zone", "hour"),
    [
        ("GMT+7", 7),
        ("GMT+07:00", 7),
        ("UTC +3", 11),
        ("+0300", 11),
        ("+03", 11),
        ("-0230", 16),
        ("MSK", 11),
        ("МСК", 11),
        ("по московскому времени", 11),
        ("МСК+2", 9),
        ("EEST", 11),
        ("CEST", 12),
        ("EST", 19),
        ("Europe/Moscow", 11),
        ("GMT+0300 (Moscow Standard Time)", 11),
        ("Z", 14),
    ],
)
def test_zones_are_read_by_name_and_number(zone: str, hour: int) -> None:
    at = story_time(f"6 Jul 2026 14:00:00 {zone}", now=NOW)
    assert at is not None
    assert at.hour == hour


def test_a_clock_without_a_zone_is_in_the_sources_zone() -> None:
    moscow = ZoneInfo("Europe/Moscow")
    for text in ("06.07.2026 14:30", "2026-07-06T14:30:00", "6 июля 2026, 14:30"):
        assert story_time(text, moscow, NOW) == datetime(2026, 7, 6, 11, 30, tzinfo=UTC)
    assert story_time("06.07.2026", moscow, NOW) == datetime(2026, 7, 6, tzinfo=UTC)


def test_of_two_readings_the_one_nearer_to_now_is_meant() -> None:
    assert read("07/09/2026 10:00") == "2026-07-09 10:00"
    assert read("09/07/2026 10:00") == "2026-07-09 10:00"
    assert read("25/06/2026") == read("06/25/2026") == "2026-06-25 00:00"


@pytest.mark.parametrize(
    "text",
    [
        "",
        "вчера",
        "2026",
        "July 2026",
        "31 февраля 2026",
        "0",
        "Thu, 01 Jan 1970 00:00:00 +0000",
        "0001-01-01T00:00:00Z",
        "Mon, 30 Nov -0001 00:00:00 +0000",
        "0000-00-00 00:00:00",
        "2099-01-01",
        "99999999999999999999",
        "06.07.2026 " * 20,
        None,
        ["06.07.2026"],
    ],
)
def test_what_is_no_time_or_an_impossible_one_is_none(text: object) -> None:
    assert read(text) is None


def test_a_day_ahead_is_believed_and_no_more() -> None:
    assert story_time(f"{NOW + AHEAD:%Y-%m-%dT%H:%M:%SZ}", now=NOW) == NOW + AHEAD
    assert story_time(f"{NOW + AHEAD + timedelta(minutes=1):%Y-%m-%dT%H:%M:%SZ}", now=NOW) is None


@given(st.text(max_size=100) | st.from_regex(r"[0-9:./ +-]{0,40}") | st.floats() | st.integers())
def test_any_text_is_a_time_that_can_be_believed_or_none(text: object) -> None:
    at = story_time(text, now=NOW)
    assert at is None or FIRST <= at <= NOW + AHEAD


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("Сегодня в 10:15", "2026-07-10 07:15"),
        ("вчера, 23:05", "2026-07-09 20:05"),
        ("Today at 2:15 PM", "2026-07-10 11:15"),
        ("yesterday 00:30", "2026-07-08 21:30"),
        ("5 минут назад", "2026-07-10 11:55"),
        ("2 hours ago", "2026-07-10 10:00"),
        ("an hour ago", "2026-07-10 11:00"),
        ("3 дня назад", "2026-07-07 12:00"),
        ("только что", "2026-07-10 12:00"),
        ("6 июля, 14:30", "2026-07-06 11:30"),
        ("Dec 30, 14:30", "2025-12-30 11:30"),
        ("/Date(1783348200000)/", "2026-07-06 14:30"),
        ("/Date(1783348200000+0300)/", "2026-07-06 14:30"),
        ("2026-07-06 下午 2:30", "2026-07-06 11:30"),
    ],
)
def test_a_time_is_read_from_now_on_and_without_its_year(text: str, meant: str) -> None:
    at = story_time(text, ZoneInfo("Europe/Moscow"), NOW)
    assert at is not None
    assert f"{at:%Y-%m-%d %H:%M}" == meant
