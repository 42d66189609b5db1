"""What /latest is asked for, in one line."""

from __future__ import annotations

from datetime import date

import pytest

from bot.model.story.topic import Topic, Topics
from bot.readers.latest import MOST, Wanted, asked_for
from bot.readers.search.filters import ALL

TODAY = date(2026, 11, 27)
TOPICS = Topics(
    (
        Topic(1, "economy", {"ru": "Экономика"}),
        Topic(2, "victory", {"ru": "9 мая"}),
        Topic(3, "top5", {"ru": "5"}),
    )
)


@pytest.mark.parametrize(
    ("words", "wanted"),
    [
        ("", Wanted()),
        ("3", Wanted(limit=3)),
        ("999999999999", Wanted(limit=MOST)),
        ("по экономике 0", Wanted(1, 1)),
        ("9 мая", Wanted(2)),
        ("5", Wanted(3)),
        ("экономика вчера", Wanted(1, since=date(2026, 11, 26), until=TODAY)),
        ("3 экономика 8 мая", Wanted(1, 3, since=date(2026, 5, 8), until=date(2026, 5, 9))),
        ("ноябрь", Wanted(since=date(2026, 11, 1), until=date(2026, 12, 1))),
        ("#экономика in English", Wanted(1, languages=("en",))),
        ("на всех языках за неделю 7", Wanted(limit=7, since=date(2026, 11, 20), languages=ALL)),
    ],
)
def test_topic_days_language_and_number_come_in_any_order(words: str, wanted: Wanted) -> None:
    assert asked_for(words, TOPICS, TODAY) == (wanted, "")


def test_words_that_mean_no_topic_are_named() -> None:
    assert asked_for("погода вчера", TOPICS, TODAY)[1] == "погода"
