"""Stories as ordinary messages: blocks as text, parts and their buttons, albums, where text is cut."""

from __future__ import annotations

import pytest

from bot.model.story.article import Content
from bot.model.story.content import (
    Block,
    Cell,
    Details,
    Figure,
    ListBlock,
    Mark,
    Media,
    MediaKind,
    Paragraph,
    Quote,
    Run,
    Table,
)
from bot.model.story.form import Form, Style
from bot.rendering.article import MOST_PARTS, ArticleRenderer
from bot.rendering.check import checked_templates
from bot.rendering.story import Readership, Story
from bot.rendering.text.breaks import best_cut, sentence_ends, shorten, sign_end
from bot.rendering.text.classic import Setting, blocks_html
from bot.rendering.text.links import hashtag, safe_url
from tests.support.rendering.judge import text_of, wrong

RENDERER = ArticleRenderer(checked_templates(agency="Вестник"))
ANNA = Readership("ru", "private", "vestnik_bot")


def said(text: str, **facts: object) -> Paragraph:
    return Paragraph((Run(text, **facts),))  # type: ignore[arg-type]


CASES: list[tuple[Block, str]] = [
    (Quote((said("Раз"),), (Run("Автор"),)), "<blockquote>Раз\n— Автор</blockquote>"),
    (
        Details((Run("Справка"),), (said("Давно"),)),
        "<blockquote expandable><b>Справка</b>\nДавно</blockquote>",
    ),
    (
        Details((Run("Справка"),), (said("Давно"),), open=True),
        "<blockquote><b>Справка</b>\nДавно</blockquote>",
    ),
    (ListBlock(((said("раз"),), (said("два"),)), ordered=True, start=4, style="i"), "iv. раз\nv. два"),
    (ListBlock(((said("раз"),), (said("два"),)), ordered=True, start=3, reversed=True), "3. раз\n2. два"),
    (ListBlock(((said("раз"), ListBlock(((said("внутри"),),))),)), "• раз\n\u2003◦ внутри"),
    (
        Table(tuple(tuple(Cell((Run(word),)) for word in row) for row in (("Год", "Сумма"), ("2026", "41")))),
        "<pre> Год  Сумма\n2026     41</pre>",
    ),
    (said("вода", href="https://example.org/"), '<a href="https://example.org/">вода</a>'),
    (said("1", note="1"), "¹"),
]


@pytest.mark.parametrize(("block", "html"), CASES)
def test_each_kind_of_block_is_told_as_text(block: Block, html: str) -> None:
    assert blocks_html([block], Setting("ru")) == html


def test_what_is_to_be_mended_is_told_sign_for_sign() -> None:
    words = said('"Мост" - открыт ...')
    assert blocks_html([words], Setting("ru", typeset=False)) == '"Мост" - открыт ...'
    assert blocks_html([words], Setting("ru")) != '"Мост" - открыт ...'


def test_a_long_story_is_cut_at_paragraphs_numbered_and_led_through_by_buttons() -> None:
    blocks = tuple(said(f"Абзац {number}. " + "Поезд прошёл по мосту вовремя. " * 8) for number in range(40))
    parts = RENDERER.classic(Story(1, 1, Content("Мост", blocks=blocks, url="https://example.org/1")), ANNA)
    assert len(parts) == 3
    for number, part in enumerate(parts, 1):
        assert wrong(part) is None
        assert f"{number}/3" in text_of(part)
        assert text_of(part).rstrip().endswith(("вовремя.", f"{number}/3", "Вестник"))
    assert [row[0].press for row in parts[0].buttons] == ["full:1:1"]
    assert [[button.text for button in row] for row in parts[-1].buttons] == [["🔔 Следить"], ["Поделиться"]]


def test_several_pictures_make_an_album_and_the_buttons_follow_it() -> None:
    figures = tuple(
        Figure(Media(MediaKind.PICTURE, f"https://example.org/{number}.jpg")) for number in range(12)
    )
    story = Story(1, 1, Content("Мост", blocks=(said("Коротко."), *figures)))
    parts = RENDERER.classic(story, ANNA)
    assert [part.grouped for part in parts] == [False, *[True] * 9, False]
    assert not parts[0].buttons
    assert parts[-1].picture is None
    assert parts[-1].buttons
    assert all(part.picture is None for part in RENDERER.classic(story, ANNA, pictures=False))


def test_a_story_longer_than_its_parts_is_read_on_in_the_last_one() -> None:
    story = Story(1, 1, Content("Мост", blocks=(said("Поезд прошёл по мосту вовремя. " * 4_000),)))
    parts = RENDERER.classic(story, ANNA)
    assert len(parts) == MOST_PARTS
    assert parts[-1].buttons[0][0].press == f"full:1:{MOST_PARTS}"
    again = RENDERER.full(story, ANNA, MOST_PARTS)
    assert f"{MOST_PARTS + 1}/" in text_of(again)


def test_a_flash_is_unmistakable_whatever_the_chat_has_chosen() -> None:
    story = Story(1, 1, Content("Мост закрыт", "До утра."), flash=True)
    for form in (Form.RICH, Form.CLASSIC, Form.HEADLINE):
        (message,) = RENDERER.parts(story, ANNA, Style(form))
        assert text_of(message).startswith("⚡️ СРОЧНО\n\nМост закрыт")


def test_a_headline_is_its_link_time_and_source() -> None:
    content = Content("Мост открыт", "Лид.", url="https://example.org/1", source_name="Агентство")
    (message,) = RENDERER.parts(Story(1, 1, content), ANNA, Style(Form.HEADLINE))
    assert message.html == '<b><a href="https://example.org/1">Мост открыт</a></b>\nАгентство'


def test_shortened_words_and_initials_end_no_sentence() -> None:
    text = "Мост длиной 5 тыс. км. открыл А. С. Петров. Потом все ушли. Это было в г. Долинске."
    assert [text[:at].rsplit(maxsplit=1)[-1] for at in sentence_ends(text)] == ["Петров.", "ушли."]


def test_no_sign_is_torn_apart() -> None:
    for text in ("й" * 3 + "и\u0306" * 3, "👨‍👩‍👧‍👦" * 3, "🇰🇬🇷🇺🇰🇬", "👍🏽👍🏽"):
        for limit in range(1, len(text)):
            at = sign_end(text, limit)
            assert not (text[at : at + 1] and text[at] in "\u0306\u200d🏽") or at == limit
    assert sign_end("🇰🇬🇷🇺", 3) == 2


def test_the_best_cut_is_a_paragraph_then_a_sentence_then_a_word() -> None:
    assert best_cut("Один абзац.\n\nДругой абзац", 20) == 13
    assert best_cut("Первое тут. Второе там", 18) == 12
    assert best_cut("слово другое третье", 14) == 13
    assert best_cut("а" * 50, 20) == 20
    assert best_cut("слово другое третье", 14, lambda at: False) == 13


def test_a_text_is_shortened_by_sentences_else_by_words() -> None:
    assert shorten("Поезд прошёл. Все рады этому.", 20) == "Поезд прошёл."
    assert shorten("Очень длинное предложение без конца", 20) == "Очень длинное…"


@pytest.mark.parametrize(
    ("url", "kept"),
    [
        ("https://example.org/a?b=1", True),
        ("http://localhost/", False),
        ("javascript:alert(1)", False),
        ("https://example.org/\n", False),
        ("/relative", False),
        (None, False),
    ],
)
def test_only_links_that_telegram_keeps_are_written(url: str | None, kept: bool) -> None:
    assert bool(safe_url(url)) == kept


def test_a_topic_is_one_hashtag() -> None:
    assert hashtag("Мировая политика") == "#МироваяПолитика"
    assert hashtag("5") == ""


def test_emphasis_over_many_links_is_counted_as_telegram_parts_it() -> None:
    bold = frozenset({Mark.BOLD})
    runs = [
        Run(f"звено {number} ", bold, f"https://example.org/{number}" if number % 2 else None)
        for number in range(160)
    ]
    story = Story(1, 1, Content("Мост", blocks=(Paragraph(tuple(runs)),)))
    for part in RENDERER.classic(story, ANNA):
        assert wrong(part) is None


def test_emphasis_over_what_telegram_finds_by_itself_is_counted_as_it_is_parted() -> None:
    found = Run(
        "мост #город a@b.example https://e.example/ /start рядом ", frozenset({Mark.BOLD, Mark.ITALIC})
    )
    story = Story(1, 1, Content("Мост", blocks=(Paragraph((found, Run(". "))),) * 12), (), None)
    shown = RENDERER.parts(story, ANNA, Style(Form.CLASSIC))
    assert [wrong(each) for each in shown] == [None] * len(shown)
