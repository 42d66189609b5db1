"""A story's headline where there is room for a line; one that shows nothing gives way to the story's number."""

from __future__ import annotations

import pytest

from bot.model.desk.title import cut, head, title
from bot.model.errors import Refusal
from bot.model.story.article import Article, Content, Status
from bot.model.story.content import is_blank

UNSEEN = (
    "",
    " \n\u00a0\u2003",
    "\u200b\u200c\u200d\u2060\ufeff",
    "\u200e\u200f\u061c\u202e\u2066",
    "\ufe0f\ufe0e\U000e0100",
    "\u3164\u115f\u1160\uffa0",
    "\u2800",
    "\u0301\u034f",
    "\U000e0067\U000e007f",
    "\x00\x1f",
)
SEEN = ("Мост", "⚡\ufe0f", "\u200fسقوط الثلج", "й\u0301", "—", "👩\u200d🚒", "한\u3164")


@pytest.mark.parametrize("text", UNSEEN)
def test_a_headline_without_a_visible_sign_gives_way_to_the_number(text: str) -> None:
    assert (title(7, text), head(7, text), cut(text)) == ("№ 7", "№ 7", "")


@pytest.mark.parametrize("text", SEEN)
def test_a_headline_with_a_visible_sign_stays(text: str) -> None:
    assert (is_blank(text), title(7, text), head(7, text)) == (False, text, text)


def test_a_long_headline_ends_with_an_ellipsis() -> None:
    assert title(7, "Мост открыт", 6) == "Мост…"
    assert len(title(7, "Мост " * 100)) <= 60


@pytest.mark.parametrize("text", UNSEEN)
def test_nothing_goes_out_under_a_headline_that_nobody_sees(text: str) -> None:
    made = Article(1, Status.DRAFT, 1, Content(text))
    with pytest.raises(Refusal, match="no-headline"):
        made.submit()
