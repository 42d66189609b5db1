import json
from datetime import UTC, datetime
from enum import IntEnum
from pathlib import Path

import pytest

from bot.log import LONGEST, Event, clean, printable

TOKEN = "123456789:" + "AbC-_" * 7


class Colour(IntEnum):
    DARK_RED = 1


def test_an_event_reads_as_its_name_and_its_fields() -> None:
    event = Event("story.published", article=42, revision=1, by="feed")
    assert str(event) == "story.published article=42 revision=1 by=feed"


@pytest.mark.parametrize(
    ("field", "text", "value"),
    [
        (True, "true", True),
        (42, "42", 42),
        (1.23456, "1.235", 1.235),
        (float("inf"), "inf", "inf"),
        (Colour.DARK_RED, "dark_red", "dark_red"),
        (datetime(2026, 11, 26, 12, tzinfo=UTC), "2026-11-26T12:00:00+00:00", "2026-11-26T12:00:00+00:00"),
        (Path("data/x.db"), "data/x.db", "data/x.db"),
        ("Новость", "Новость", "Новость"),
        ("", '""', ""),
        ("two words", '"two words"', "two words"),
        ("by=admin", '"by=admin"', "by=admin"),
        ('a "b"', r'"a \"b\""', 'a "b"'),
        ("one\ntwo\x1b[2J\x9b\u202e\u2028", r'"one\ntwo\u001b[2J\u009b\u202e\u2028"', None),
        ("\ud800", r'"\ud800"', "\ud800"),
    ],
)
def test_a_field_is_written_so_that_it_reads_as_one(field: object, text: str, value: object) -> None:
    event = Event("x", field=field)
    assert str(event) == f"x field={text}"
    assert event.values()["field"] == (field if value is None else value)
    if text.startswith('"'):
        assert json.loads(text) == event.values()["field"]


def test_a_field_that_is_none_is_left_out() -> None:
    assert str(Event("feed.failed", feed=3, status=None)) == "feed.failed feed=3"


def test_the_texts_of_an_event_are_bounded_together() -> None:
    event = Event("x", first="a" * 1_500, second="b" * 1_500, third="c" * 1_500, number=7)
    assert event.values() == {"first": "a" * 1_500, "second": "b" * 500 + "…", "third": "…", "number": 7}
    assert len(str(event)) < LONGEST + 100


def test_half_of_a_token_does_not_survive_the_cut() -> None:
    assert clean(f"bot{TOKEN}/getMe", 20) == "bot<token>/getMe"
    assert "123456789" not in clean("x" * 10 + TOKEN, 25)


def test_what_is_not_printable_is_spelled() -> None:
    assert printable("\U000e0001\x7f\N{NO-BREAK SPACE}") == r"\udb40\udc01\u007f\u00a0"
