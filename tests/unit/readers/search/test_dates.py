"""Dates in a search: what names a period, and what may as well be the subject."""

from datetime import date

import pytest

from bot.readers.search.dates import Period, period_in

TODAY = date(2026, 11, 27)


@pytest.mark.parametrize(
    ("said", "since", "until"),
    [
        ("вчера", date(2026, 11, 26), date(2026, 11, 27)),
        ("yesterday", date(2026, 11, 26), date(2026, 11, 27)),
        ("сегодня", date(2026, 11, 27), date(2026, 11, 28)),
        ("2026-11", date(2026, 11, 1), date(2026, 12, 1)),
        ("2025-12", date(2025, 12, 1), date(2026, 1, 1)),
        ("2026-11-05", date(2026, 11, 5), date(2026, 11, 6)),
        ("05.11.2026", date(2026, 11, 5), date(2026, 11, 6)),
        ("с 1 ноября", date(2026, 11, 1), None),
        ("с 1 декабря", date(2025, 12, 1), None),
        ("с 01.11", date(2026, 11, 1), None),
        ("с 1 марта 2025 года", date(2025, 3, 1), None),
        ("с понедельника", date(2026, 11, 23), None),
        ("с ноября 2025", date(2025, 11, 1), None),
        ("since November 1", date(2026, 11, 1), None),
        ("since 1 November 2025", date(2025, 11, 1), None),
        ("по 5 ноября", None, date(2026, 11, 6)),
        ("до вчера", None, date(2026, 11, 27)),
        ("before 2026-11-05", None, date(2026, 11, 5)),
        ("за неделю", date(2026, 11, 20), None),
        ("за последние 3 дня", date(2026, 11, 25), None),
        ("past 2 weeks", date(2026, 11, 13), None),
        ("last month", date(2026, 10, 28), None),
        ("за ноябрь", date(2026, 11, 1), date(2026, 12, 1)),
        ("за 2025 год", date(2025, 1, 1), date(2026, 1, 1)),
        ("November 2025", date(2025, 11, 1), date(2025, 12, 1)),
        ("с 29 февраля", date(2024, 2, 29), None),
    ],
)
def test_a_date_names_a_period(said: str, since: date | None, until: date | None) -> None:
    assert period_in(said.split(), TODAY) == (Period(since, until), len(said.split()))


@pytest.mark.parametrize(
    "said",
    [
        "9 мая",
        "в 2025 году",
        "мост",
        "2026",
        "с моста",
        "по мосту",
        "2026-13",
        "с 99 ноября",
        "за",
        "week",
        "5.11",
    ],
)
def test_what_may_be_the_subject_is_no_date(said: str) -> None:
    assert period_in(said.split(), TODAY) is None


def test_the_longest_date_is_meant() -> None:
    assert period_in(["с", "1", "ноября", "2025", "мост"], TODAY) == (Period(date(2025, 11, 1)), 4)
