"""Hours in a reader's words, in Russian and English; what is none is refused."""

from __future__ import annotations

from contextlib import suppress
from datetime import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.model.errors import Refusal
from bot.model.hours import EVERY_DAY, WEEKEND, WORKDAYS
from bot.readers.hours.hour_words import digest_times, limits, quiet_hours

ELEVEN_AT_WEEKENDS = [(9, WORKDAYS), (18, WORKDAYS), (11, WEEKEND)]


@pytest.mark.parametrize(
    ("words", "meant"),
    [
        ("at 9", [(9, EVERY_DAY)]),
        ("в 9:00 и 18:00", [(9, EVERY_DAY), (18, EVERY_DAY)]),
        ("в 9:00 18:00 по будням, 11:00 по выходным", ELEVEN_AT_WEEKENDS),
        ("по будням в 9 и 18, в выходные в 11", ELEVEN_AT_WEEKENDS),
        ("9 am and 6 pm mon-fri", [(9, WORKDAYS), (18, WORKDAYS)]),
        ("пн, ср в 10", [(10, 0b101)]),
        ("10 сб-пн", [(10, 0b1100001)]),
        ("нет", []),
        ("off", []),
    ],
)
def test_digests(words: str, meant: list[tuple[int, int]]) -> None:
    assert [(each.at.hour, each.days) for each in digest_times(words)] == meant


@pytest.mark.parametrize("words", ["25:00", "9:75", "завтра", "пн", "", "9" * 300, "<b>", "9:00 some day"])
def test_what_names_no_hours_is_refused(words: str) -> None:
    with pytest.raises(Refusal, match="unclear-hours"):
        digest_times(words)


def test_quiet_hours() -> None:
    said = quiet_hours("с 23 до 7, выходные 1-10")
    assert (said.quiet, said.weekend) == ((time(23), time(7)), (time(1), time(10)))
    assert quiet_hours("off").quiet_said
    assert quiet_hours("off").quiet is None
    weekend = quiet_hours("weekend off")
    assert (weekend.quiet_said, weekend.weekend) == (False, (time(), time()))
    with pytest.raises(Refusal):
        quiet_hours("когда сплю")


@pytest.mark.parametrize(
    ("words", "hour", "day"),
    [("3 в час", 3, None), ("10", None, 10), ("3/hour 10/day", 3, 10), ("3 в час и 10 в день", 3, 10)],
)
def test_limits(words: str, hour: int | None, day: int | None) -> None:
    said = limits(words)
    assert (said.hour, said.day, said.off) == (hour, day, False)


@settings(deadline=None)
@given(st.text(max_size=250))
def test_any_words_at_all_are_read_or_refused(words: str) -> None:
    for read in (digest_times, quiet_hours, limits):
        with suppress(Refusal):
            read(words)
