"""Whatever a story holds: every form is within Telegram's limits, shown exactly as meant, its words all there."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import UTC, datetime

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot.model.message import OutgoingMessage
from bot.model.story.article import Content
from bot.model.story.content import Cell, Details, ListBlock, Mark, Paragraph, Quote, Run, Table
from bot.model.story.form import Form, Style
from bot.rendering.article import MOST_PARTS, ArticleRenderer
from bot.rendering.check import checked_templates
from bot.rendering.rich import tree
from bot.rendering.story import Readership, Story
from bot.rendering.text.typography import typeset, typeset_runs
from tests.support.rendering.judge import lost, wrong
from tests.unit.rendering import strategies

RENDERER = ArticleRenderer(checked_templates(agency="Вестник"))
AT = datetime(2026, 5, 4, 9, 30, tzinfo=UTC)
often = settings(max_examples=12, deadline=None, suppress_health_check=list(HealthCheck))


def story_of(content: Content, form: Form = Form.BRIEF) -> Story:
    return Story(1, 1, content, (("town", "Город"),), AT, None, form is Form.FLASH)


def readership(language: str, kind: str = "private") -> Readership:
    return Readership(language, kind, "vestnik_bot")


def rich_pages(story: Story, to: Readership) -> list[OutgoingMessage]:
    """Return all pages of the rich story, read on to the end."""
    pages = [RENDERER.rich(story, to)]
    while (after := RENDERER.rich(story, to, len(pages))).html != pages[-1].html:
        pages.append(after)
    return pages


@pytest.mark.parametrize("form", Form)
@often
@given(
    strategies.contents,
    st.sampled_from(("ru", "en")),
    st.sampled_from(("private", "group", "channel")),
    st.booleans(),
)
def test_any_story_is_shown_as_meant_within_every_limit(
    form: Form, content: Content, language: str, kind: str, pictures: bool
) -> None:
    shown = RENDERER.parts(story_of(content, form), readership(language, kind), Style(form, pictures))
    assert shown
    for message in shown:
        assert wrong(message) is None
        for button in (button for row in message.buttons for button in row):
            assert button.text
            assert len((button.press or "").encode()) <= 64


@often
@given(strategies.contents)
def test_the_full_story_keeps_every_word(content: Content) -> None:
    story, to = story_of(content), readership("ru")
    assert not whole(lost(content, rich_pages(story, to)))
    parts = RENDERER.classic(story, to)
    if sum(not part.grouped for part in parts) < MOST_PARTS:
        assert not whole(lost(content, parts))


def whole(words: Iterable[str]) -> list[str]:
    """Return those words that a message could hold: a longer one is cut."""
    return [word for word in words if len(word) < 1_000]


LONG = "Поезд прошёл по мосту утром, как и обещали. " * 25
HUGE = (
    (Paragraph((Run("слово" * 40_000),)),),
    (Paragraph((Run(LONG * 60, frozenset({Mark.BOLD}), "https://example.org/1"),)),),
    tuple(Paragraph((Run(f"Абзац {number}."),)) for number in range(1_500)),
    (ListBlock(tuple((Paragraph((Run(f"пункт {number}"),)),) for number in range(900)), ordered=True),),
    (Table(tuple((Cell((Run(f"ряд {number}"),)), Cell((Run(LONG),))) for number in range(60))),),
    (Details((Run("Справка"),), (Quote((Paragraph((Run(LONG * 60),)),), (Run("автор"),)),) * 3),),
)


@pytest.mark.parametrize("blocks", HUGE, ids=("word", "link", "paragraphs", "list", "table", "details"))
def test_a_huge_story_is_cut_between_messages_and_loses_nothing(blocks: tuple) -> None:  # type: ignore[type-arg]
    content = Content("Большая", blocks=blocks, language="ru", url="https://example.org/1")
    story, to = story_of(content), readership("ru")
    pages = rich_pages(story, to)
    assert len(pages) > 1
    for message in (*pages, *RENDERER.classic(story, to)):
        assert wrong(message) is None
    if blocks is not HUGE[0]:
        assert not lost(content, pages)
    elif pages:
        assert sum(message.html.count("слово") for message in pages) >= 39_900


def test_lists_in_lists_in_quotes_never_nest_deeper_than_telegram_allows() -> None:
    inner = Paragraph((Run("глубоко", frozenset(Mark), "https://example.org/1"),))
    block: object = inner
    for number in range(12):
        block = ListBlock(((block,),)) if number % 2 else Quote((block,))  # type: ignore[arg-type]
    message = RENDERER.rich(story_of(Content("Глубоко", blocks=(block,))), readership("ru"))  # type: ignore[arg-type]
    assert wrong(message) is None
    assert tree.depth_of(tree.read(message.html)) <= 16
    assert "глубоко" in message.html


@often
@given(st.lists(strategies.runs, max_size=5).map(tuple), st.sampled_from(("ru", "en", "de")))
def test_type_changes_only_signs_between_words_and_only_once(text: tuple[Run, ...], language: str) -> None:
    once = typeset_runs(text, language)
    assert typeset_runs(once, language) == once
    letters = [[sign for sign in run.text if sign.isalnum()] for run in text]
    assert [[sign for sign in run.text if sign.isalnum()] for run in once] == letters
    for before, after in zip(text, once, strict=True):
        assert replace(after, text="") == replace(before, text="")
        if Mark.CODE in before.marks or before.href:
            assert after == before


@often
@given(strategies.words, st.sampled_from(("ru", "en")))
def test_set_type_stays_as_it_is(text: str, language: str) -> None:
    assert typeset(typeset(text, language), language) == typeset(text, language)
