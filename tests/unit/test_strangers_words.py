"""Whatever a stranger's words hold, a row, a status, a log and a terminal get a bounded printable line of them."""

from __future__ import annotations

import io

from aiogram.exceptions import TelegramBadRequest, TelegramForbiddenError, TelegramServerError
from aiogram.methods import GetMe
from hypothesis import given
from hypothesis import strategies as st

from bot.log import Event, phrase, say
from bot.sources.fetch.fetcher import FetchError
from bot.sources.item import SourceError
from bot.telegram.transport.errors import LONGEST, translate

WORDS = st.text(st.characters(codec="utf-8"), max_size=60).flatmap(
    lambda text: st.integers(0, 200).map(lambda times: text * times)
) | st.sampled_from(["\x1b[2J" * 9_000, "\x9b31m\u202e\u2028" * 900, "a" * 100_000, "\x00" * 9_000])
TOKEN = "700700:" + "T" * 35


@given(WORDS)
def test_a_phrase_is_a_short_printable_line(words: str) -> None:
    assert phrase(words).isprintable()
    assert len(phrase(words)) <= 201


@given(WORDS)
def test_a_refusal_of_telegrams_is_kept_as_a_bounded_printable_line(words: str) -> None:
    for kind in (TelegramBadRequest, TelegramForbiddenError, TelegramServerError):
        error = translate(kind(GetMe(), words))
        assert error.detail.isprintable()
        assert len(error.detail) <= LONGEST + 1


@given(WORDS)
def test_what_is_wrong_with_a_source_is_a_short_printable_line(words: str) -> None:
    for error in (SourceError("x", words), FetchError("x", words)):
        assert str(error).isprintable()
        assert len(str(error)) < 210


@given(WORDS)
def test_a_line_of_the_log_is_one_bounded_printable_line(words: str) -> None:
    line = str(Event("feed.failed", reason=words, name=words))
    assert line.isprintable()
    assert len(line) < 30_000


@given(WORDS)
def test_a_command_moves_no_cursor(words: str) -> None:
    out = io.StringIO()
    say(f"{words} {TOKEN}", out)
    assert all(line.isprintable() for line in out.getvalue().split("\n"))
    assert TOKEN not in out.getvalue()
    assert len(out.getvalue()) < 30_000
