"""A stranger's words in a chat, on a terminal and in the log are a short printable line."""

from __future__ import annotations

import pytest

from bot.log import phrase
from bot.sources.item import SourceError


@pytest.mark.parametrize(
    ("words", "line"),
    [
        ("Служба закрыта", "Служба закрыта"),
        ("a\r\nb\tc", "a b c"),
        ("\x1b[2J\x07red\x9b31m", "[2J red 31m"),
        ("left\u202eright\u2028next", "left right next"),
        ("", ""),
    ],
)
def test_what_moves_a_terminal_or_ends_a_line_is_a_space(words: str, line: str) -> None:
    assert phrase(words) == line


def test_a_long_phrase_is_cut() -> None:
    assert phrase("x" * 6_000) == "x" * 200 + "…"


def test_an_error_that_quotes_a_stranger_is_a_phrase() -> None:
    error = SourceError("unknown-field", "story 1: unknown field " + repr("\x1b[2J" * 2_000))
    assert len(str(error)) < 250
    assert SourceError("x", "a\x1bb").detail == "a b"
