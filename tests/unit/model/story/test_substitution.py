"""Some words of a story change wherever they stand; what stands around them, and how it is set, stays."""

from __future__ import annotations

import pytest

from bot.model.story.article import Content
from bot.model.story.content import (
    Block,
    Cell,
    Details,
    Divider,
    Embed,
    Figure,
    Footnotes,
    Gallery,
    Heading,
    ListBlock,
    Mark,
    Media,
    MediaKind,
    Paragraph,
    Preformatted,
    Quote,
    Run,
    Table,
    plain_text,
)
from bot.model.story.substitution import reworded

OLD = (Run("мост закрыт"),)
PHOTO = Media(MediaKind.PICTURE, url="https://example.org/1.png")


def test_headline_lead_dateline_and_body_change_whatever_the_spaces() -> None:
    before = Content(
        "Мост\u00a0закрыт", "Вчера Мост  закрыт.", "Мост закрыт", (Paragraph((Run("Мост\nзакрыт"),)),)
    )
    after = reworded(before, " Мост закрыт ", "Мост открыт")
    assert (after.headline, after.lead, after.dateline) == (
        "Мост открыт",
        "Вчера Мост открыт.",
        "Мост открыт",
    )
    assert plain_text(after.blocks) == "Мост открыт"


def test_words_across_runs_take_the_form_of_the_first_and_the_rest_keeps_its_own() -> None:
    bold = frozenset({Mark.BOLD})
    text = (
        Run("В мае "),
        Run("мост за", bold),
        Run("крыт, сказали "),
        Run("дорожники", href="https://example.org"),
    )
    (block,) = reworded(Content("А", blocks=(Paragraph(text),)), "мост закрыт", "мост откроют").blocks
    assert isinstance(block, Paragraph)
    assert block.text == (text[0], Run("мост откроют", bold), Run(", сказали "), text[3])


def test_words_that_are_deleted_leave_no_empty_run_and_each_place_changes() -> None:
    content = Content("А", blocks=(Paragraph((Run("да и да", frozenset({Mark.ITALIC})), Run(" да"))),))
    (block,) = reworded(content, "да", "").blocks
    assert isinstance(block, Paragraph)
    assert [run.text for run in block.text] == [" и ", " "]


@pytest.mark.parametrize(
    "block",
    [
        Paragraph(OLD),
        Heading(OLD),
        Preformatted(OLD),
        Quote((Paragraph(OLD),)),
        Quote((), credit=OLD),
        ListBlock(((Paragraph(OLD),),)),
        Figure(PHOTO, caption=OLD),
        Figure(PHOTO, credit=OLD),
        Gallery((Figure(PHOTO, caption=OLD),)),
        Gallery((), caption=OLD),
        Table(((Cell(OLD),),)),
        Table((), caption=OLD),
        Details(OLD, ()),
        Details((), (Paragraph(OLD),)),
        Embed("https://example.org", caption=OLD),
        Footnotes((("1", OLD),)),
    ],
    ids=lambda block: type(block).__name__,
)
def test_words_change_in_every_kind_of_block(block: Block) -> None:
    (after,) = reworded(Content("А", blocks=(block,)), "закрыт", "открыт").blocks
    assert type(after) is type(block)
    assert plain_text((after,)) == "мост открыт"


def test_what_stands_nowhere_changes_nothing_and_a_pattern_is_only_words() -> None:
    content = Content("А (б)", blocks=(Divider(), Paragraph(OLD)))
    assert reworded(content, "трамвай", "мост") == content
    assert reworded(content, " ", "мост") == content
    assert reworded(content, ".", "мост") == content
    assert reworded(content, "(б)", r"\1").headline == r"А \1"
