"""Markup that was escaped once too often is markup again; a text about markup stays as it is."""

from __future__ import annotations

import pytest

from bot.model.story.content import plain_text
from bot.sources.html.blocks import plain_line, to_blocks
from bot.sources.html.escapes import escaped, said_plainly


def shown(text: str) -> str:
    """Return what a reader sees of a text that a source wrote as words."""
    return plain_text(to_blocks(said_plainly(escaped(text)), "https://example.org/"))


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("<p>Мост открыт.</p><p>Движение пущено.</p>", "Мост открыт.\nДвижение пущено."),
        ("&lt;p&gt;Мост&lt;/p&gt;&lt;p&gt;Порт &amp;amp; река&lt;/p&gt;", "Мост\nПорт & река"),
        ("Мост <b>открыт</b>.", "Мост открыт."),
        ("<p>Мост открыт", "Мост открыт"),
        ("<div>\n  <p> Мост открыт </p>\n</div>", "Мост открыт"),
        ("Мост открыт<br>Движение пущено", "Мост открыт\nДвижение пущено"),
        ("Мост <br> порт <br> река", "Мост\nпорт\nрека"),
        ('<a href="https://example.org/1">Мост</a> открыт', "Мост открыт"),
        ("<!-- wp:paragraph --><p>Мост</p><!-- /wp:paragraph -->", "Мост"),
        ("Мост&nbsp;открыт &mdash; движение&#160;пущено", "Мост\u00a0открыт — движение\u00a0пущено"),
        ("It&#8217;s open", "It’s open"),
        ("Порт &amp; река", "Порт & река"),
        ("Мост &amp;amp;nbsp; порт", "Мост \u00a0 порт"),
    ],
)
def test_what_was_escaped_too_often_is_read(text: str, words: str) -> None:
    assert shown(text) == words


@pytest.mark.parametrize(
    "text",
    [
        "<p> против <div>: что выбрать",
        "Тег <p> и тег </p> нужны вместе",
        "Абзац начинает тег <p>.",
        "Знак &nbsp; не даёт разорвать строку",
        "5 < 6 и 7 > 6",
        "List<String> и Map<Number>",
        "R&D; порт",
    ],
)
def test_a_text_about_markup_keeps_its_words(text: str) -> None:
    assert shown(text) == text


def test_code_keeps_its_words() -> None:
    html = "<p>Мост</p><pre>&lt;p&gt;a&lt;/p&gt;</pre><p><code>&amp;nbsp;x</code></p>"
    assert said_plainly(html) == html


def test_a_line_of_plain_text_is_read_as_well() -> None:
    assert plain_line("Мост&nbsp;&laquo;Новый&raquo; <b>открыт</b>") == "Мост «Новый» открыт"
    assert plain_line("  Порт & река < море ") == "Порт & река < море"
