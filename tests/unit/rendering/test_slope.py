"""Time grows no faster than a story: four times the words take about four times as long, whatever the words are."""

from __future__ import annotations

import time
from collections.abc import Callable
from datetime import UTC, datetime

import pytest

from bot.log import Event
from bot.model.story.article import Content
from bot.model.story.content import Block, Cell, Paragraph, Preformatted, Run, Table
from bot.model.story.form import Form, Style
from bot.rendering.article import ArticleRenderer
from bot.rendering.check import checked_templates
from bot.rendering.story import Readership, Story
from bot.sandbox.text.entities import detect
from bot.sandbox.text.html import parse_html
from bot.stemming import stems

RENDERER = ArticleRenderer(checked_templates(agency="Вестник"))
AT = datetime(2026, 5, 4, 9, 30, tzinfo=UTC)
SIZES, PAGED = (12_000, 48_000), (36_000, 144_000)
"""Characters of a short and of a long text; where pages are made, both are more than one rich message holds."""

STEEP = 9.0
"""A slope of 4 is linear, of 16 is quadratic; between them what a processor's caches and a collection cost."""

LEAST = 0.001
"""Seconds that the short text is taken to need at least: a long text of less than STEEP times that is no slope."""

RUNS = 40
"""A slope is that of the fastest of at most so many runs: a busy machine makes a run slower, never faster."""

UNITS = [
    *(
        "a",
        "1",
        ".",
        " ",
        "\t ",
        "\n",
        " \n",
        "-",
        "—",
        '"',
        "«",
        "(",
        "<",
        "&",
        "@",
        "#",
        "/",
        "!",
        "é\u0301",
    ),
    *("a.", "a-", "a@", "a@a.", "a/", "1 ", "1-", "1.", "000 ", "И. ", "г. ", "a's", "...", ". ", "! ", "- "),
    *("://", "a://", "http://a", "www.", "<a ", "<!--", '<a href="', "&#", "a='", "://a:", "11111111:", "🇷🇺"),
]


def shown(blocks: tuple[Block, ...], form: Form) -> object:
    story = Story(1, 1, Content("Мост открыт", blocks=blocks), (), AT)
    return RENDERER.parts(story, Readership("ru", "private", "vestnik_bot"), Style(form))


READERS: dict[str, Callable[[str], object]] = {
    "a paragraph, rich": lambda text: shown((Paragraph((Run(text),)),), Form.RICH),
    "a paragraph, classic": lambda text: shown((Paragraph((Run(text),)),), Form.CLASSIC),
    "a table's cell": lambda text: shown((Table(((Cell((Run(text),)),),) * 2),), Form.CLASSIC),
    "preformatted": lambda text: shown((Preformatted((Run(text),)),), Form.CLASSIC),
    "stems": stems,
    "a line of the log": lambda text: str(Event("feed.failed", reason=text)),
    "the sandbox's links": lambda text: detect(text, []),
    "the sandbox's HTML": lambda text: parse_html(text.replace("<", "&lt;").replace("&", "&amp;")),
}


def seconds(read: Callable[[str], object], text: str) -> float:
    began = time.process_time()
    read(text)
    return time.process_time() - began


def slope(read: Callable[[str], object], unit: str, sizes: tuple[int, int] = SIZES) -> float:
    """Return how many times longer the long text takes; 0 where the long text takes too little time to tell."""
    small, big = (unit * (size // len(unit)) + "x" for size in sizes)
    long = seconds(read, big)
    if long < STEEP * LEAST:
        return 0.0
    short = seconds(read, small)
    for _ in range(RUNS - 1):
        if long < STEEP * max(short, LEAST):
            break
        # Each alone may have been held up: the fastest runs tell.
        long, short = min(long, seconds(read, big)), min(short, seconds(read, small))
    return long / max(short, LEAST)


@pytest.mark.parametrize("name", READERS)
def test_time_grows_no_faster_than_the_text(name: str) -> None:
    sizes = PAGED if name.endswith("rich") else SIZES
    slopes = {unit: slope(READERS[name], unit, sizes) for unit in UNITS}
    assert {unit: round(found, 1) for unit, found in slopes.items() if found >= STEEP} == {}


@pytest.mark.parametrize("unit", ["a", "\n"])
def test_a_reader_whose_time_is_the_texts_square_is_found(unit: str) -> None:
    def read(text: str) -> int:
        return sum(len(text[: at * 50]) and text[: at * 50].count("y") for at in range(len(text) // 50))

    # A run that is held up makes the short text look slow: the steepest of a few tells.
    assert any(slope(read, unit, PAGED) >= STEEP for _ in range(3))
