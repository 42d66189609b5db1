"""Web HTML becomes blocks: each kind of WordPress's markup, and what is not the story left out."""

from __future__ import annotations

import pytest

from bot.model.story.content import (
    Details,
    Divider,
    Embed,
    Figure,
    Footnotes,
    Heading,
    ListBlock,
    Mark,
    Paragraph,
    Preformatted,
    Quote,
    Run,
    Table,
    plain,
    plain_text,
)
from bot.sources.html.blocks import to_text
from tests.unit.sources.html.marking import BASE, one, picture, read, words


def test_inline_marks_and_links_become_runs() -> None:
    html = '<p>Раз <b>два <i>три</i></b> <a href="../2/?a=1&amp;b=2">четыре</a><br>пять</p>'
    assert one(html) == Paragraph(
        (
            words("Раз "),
            words("два ", Mark.BOLD),
            words("три", Mark.BOLD, Mark.ITALIC),
            words(" "),
            words("четыре", href="https://example.org/news/2/?a=1&b=2"),
            words("\nпять"),
        )
    )


@pytest.mark.parametrize(
    ("html", "mark"),
    [
        ("<strong>x</strong>", Mark.BOLD),
        ("<em>x</em>", Mark.ITALIC),
        ("<ins>x</ins>", Mark.UNDERLINE),
        ("<del>x</del>", Mark.STRIKE),
        ("<kbd>x</kbd>", Mark.CODE),
        ("<mark>x</mark>", Mark.MARKED),
        ("<sub>x</sub>", Mark.SUBSCRIPT),
        ("<sup>x</sup>", Mark.SUPERSCRIPT),
        ('<span style="font-weight: 700">x</span>', Mark.BOLD),
        ('<span style="text-decoration: underline">x</span>', Mark.UNDERLINE),
    ],
)
def test_each_mark_is_known(html: str, mark: Mark) -> None:
    assert one(f"<p>{html}</p>") == Paragraph((words("x", mark),))


@pytest.mark.parametrize(
    ("address", "target"),
    [
        ("mailto:desk@example.org", "mailto:desk@example.org"),
        ("tel:+996312000000", "tel:+996312000000"),
        ("//example.com/a", "https://example.com/a"),
        ("#place", BASE + "#place"),
        ("#", None),
        ("javascript:alert(1)", None),
        ("data:text/html,x", None),
        ("http://[bad", None),
    ],
)
def test_a_link_leads_to_a_page_a_mailbox_or_a_telephone(address: str, target: str | None) -> None:
    assert one(f'<p><a href="{address}">x</a></p>') == Paragraph((words("x", href=target),))


def test_a_moment_is_a_time_and_a_day_is_not() -> None:
    html = '<p><time datetime="2026-05-04T10:00:00+03:00">утром</time>, <time datetime="2026-05-04">4 мая</time></p>'
    assert one(html) == Paragraph((Run("утром", unix=1777878000), Run(", 4 мая")))


def test_white_space_is_as_a_browser_shows_it() -> None:
    html = "<p>\n  Раз \t два\u00adтри\n</p><p>&nbsp;</p><p> <br> </p>"
    assert plain_text(read(html)) == "Раз дватри"


def test_headings_lists_and_breaks_keep_their_shape() -> None:
    html = """<h3 class="wp-block-heading">Глава</h3>
      <ol start="3" type="a"><li>раз<ul><li>внутри</li></ul></li><li>два</li></ol><hr class="wp-block-separator">
      <ol reversed><li>x</li><li>y</li></ol><p>Конец.</p>"""
    heading, numbered, divider, down, end = read(html)
    assert heading == Heading((words("Глава"),), 3)
    inner = ListBlock(((Paragraph((words("внутри"),)),),))
    assert numbered == ListBlock(
        ((Paragraph((words("раз"),)), inner), (Paragraph((words("два"),)),)), ordered=True, start=3, style="a"
    )
    assert divider == Divider()
    assert isinstance(down, ListBlock)
    assert (down.reversed, down.start) == (True, 2)
    assert plain_text((end,)) == "Конец."


def test_a_quotation_keeps_who_said_it_apart() -> None:
    html = '<blockquote class="wp-block-quote"><p>Слова</p><cite>— Имя, должность</cite></blockquote>'
    assert one(html) == Quote((Paragraph((words("Слова"),)),), (words("Имя, должность"),))
    pulled = (
        '<figure class="wp-block-pullquote"><blockquote><p>Слова</p><cite>Имя</cite></blockquote></figure>'
    )
    assert one(pulled) == Quote((Paragraph((words("Слова"),)),), (words("Имя"),), pull=True)
    assert one('<aside class="pullquote">Слова</aside>') == Quote((Paragraph((words("Слова"),)),), pull=True)


def test_a_table_keeps_headers_spans_alignment_and_caption() -> None:
    html = """<figure class="wp-block-table"><table><thead><tr><th>Город</th>
      <th class="has-text-align-right" data-align="right">Число</th></tr></thead>
      <tbody><tr><td colspan="2">Итого <img src="a.jpg"></td></tr></tbody></table>
      <figcaption>Таблица</figcaption></figure>"""
    table, shown = read(html)
    assert isinstance(table, Table)
    assert plain(table.caption) == "Таблица"
    head, body = table.rows
    assert [(plain(cell.text), cell.header, cell.align) for cell in head] == [
        ("Город", True, ""),
        ("Число", True, "right"),
    ]
    assert [(plain(cell.text), cell.columns) for cell in body] == [("Итого", 2)]
    assert shown == Figure(picture("a.jpg"))


def test_a_table_that_only_lays_out_is_no_table() -> None:
    assert read("<table><tr><td><p>Раз</p></td></tr><tr><td><p>Два</p></td></tr></table>") == (
        Paragraph((words("Раз"),)),
        Paragraph((words("Два"),)),
    )


def test_code_and_verse_keep_their_lines() -> None:
    code = '<pre class="wp-block-code"><code class="language-python">if x:\n    <b>y</b>\n</code></pre>'
    assert one(code) == Preformatted((words("if x:\n    "), words("y", Mark.BOLD)), "python")
    verse = '<pre class="wp-block-verse">Раз <em>два</em>\n  три</pre>'
    assert one(verse) == Paragraph((words("Раз "), words("два", Mark.ITALIC), words("\n\u00a0 три")))


def test_a_post_of_a_network_is_its_words_and_its_address() -> None:
    html = (
        '<blockquote class="twitter-tweet"><p>Текст</p>&mdash; Имя '
        '<a href="https://twitter.com/name/status/1">4 мая</a></blockquote><script src="x.js"></script>'
    )
    post = one(html)
    assert isinstance(post, Embed)
    assert (post.url, post.provider) == ("https://twitter.com/name/status/1", "X")
    assert plain(post.caption) == "Текст\n— Имя 4 мая"


def test_columns_groups_covers_and_buttons_hold_their_words_in_order() -> None:
    html = """<div class="wp-block-columns"><div class="wp-block-column"><p>Раз</p></div>
      <div class="wp-block-column"><p>Два</p></div></div>
      <div class="wp-block-cover" style="background-image:url('c.jpg')"><div><p>Три</p></div></div>
      <div class="wp-block-media-text"><figure class="wp-block-media-text__media"><img src="m.jpg"></figure>
      <div class="wp-block-media-text__content"><p>Четыре</p></div></div><!--nextpage--><!--more-->
      <div class="wp-block-buttons"><div class="wp-block-button"><a href="/go">Пять</a></div></div>"""
    assert [
        block.media.url if isinstance(block, Figure) else plain_text((block,)) for block in read(html)
    ] == [
        "Раз",
        "Два",
        BASE + "c.jpg",
        "Три",
        BASE + "m.jpg",
        "Четыре",
        "Пять",
    ]


def test_details_open_and_closed() -> None:
    assert one("<details open><summary>Ещё</summary><p>Фон</p></details>") == Details(
        (words("Ещё"),), (Paragraph((words("Фон"),)),), open=True
    )


@pytest.mark.parametrize(
    "html",
    [
        '<p>Слово<sup data-fn="u" class="fn"><a href="#u" id="u-link">1</a></sup></p>'
        '<ol class="wp-block-footnotes"><li id="u">Сноска <a href="#u-link">↩︎</a></li></ol>',
        '<p>Слово<sup id="fnref1"><a href="#fn1">1</a></sup></p><div class="footnotes"><ol>'
        '<li id="fn1"><p>Сноска <a href="#fnref1">↩</a></p></li></ol></div>',
        '<p>Слово<a href="#_ftn1" name="_ftnref1">1</a></p><p><a href="#_ftnref1" name="_ftn1">[1]</a> Сноска</p>',
    ],
)
def test_footnotes_are_tied_to_their_references(html: str) -> None:
    text, notes = read(html)
    assert isinstance(text, Paragraph)
    assert [(run.text, run.note) for run in text.text] == [("Слово", None), ("1", "1")]
    assert isinstance(notes, Footnotes)
    assert [(label, plain(note)) for label, note in notes.notes] == [("1", "Сноска")]


def test_shortcodes_go_their_words_stay_and_brackets_that_are_words_stay() -> None:
    html = (
        "<p>[su_box title=&#8221;x&#8221;]Внутри[/su_box] [gallery ids=1,2] он сказал [sic] и [Ред.] [1]</p>"
    )
    assert plain_text(read(html)) == "Внутри он сказал [sic] и [Ред.] [1]"
    assert plain_text(read("<pre>[gallery ids=1]</pre>")) == "[gallery ids=1]"
    assert plain_text(read("<p>[[gallery]]</p>")) == "[gallery]"


@pytest.mark.parametrize(
    "html",
    [
        '<p>The post <a href="/">A</a> appeared first on <a href="/">B</a>.</p>',
        '<p>Сообщение <a href="/">А</a> появились сначала на <a href="/">Сайт</a>.</p>',
        '<p><a class="more-link" href="/">Читать далее →</a></p>',
        "<p>Continue reading <a href='/'>Story</a></p>",
        '<p><b>Читайте также:</b> <a href="/x">Другая новость</a></p>',
        '<div class="sharedaddy"><a href="/">Поделиться</a></div>',
        '<div id="jp-relatedposts" class="jp-relatedposts">Похожее</div>',
        '<div class="wp-block-jetpack-subscriptions">Подпишитесь</div>',
        '<ul class="wp-block-latest-posts"><li>Новость</li></ul>',
        '<div class="wp-block-query"><h2>Ещё</h2></div>',
        "<form><label>Почта</label><input></form>",
        '<p style="display:none">Тайное</p>',
        "<p hidden>Тайное</p>",
        "<style>p {}</style><script>x()</script><template>y</template>",
        "<hr>",
    ],
)
def test_furniture_is_left_out(html: str) -> None:
    assert read(f"<p>Слово.</p>{html}") == (Paragraph((words("Слово."),)),)


def test_a_more_link_at_a_sentences_end_goes_alone() -> None:
    assert plain_text(read('<p>Слово. <a href="/x">Читать далее</a></p>')) == "Слово."
    assert plain_text(read("<p>Слово и [&hellip;]</p>")) == "Слово и…"


def test_paragraphs_that_only_an_empty_line_parts_are_parted() -> None:
    assert plain_text(read("Раз\n\nДва\nтри")) == "Раз\nДва три"
    assert plain_text(read("Раз<br><br>Два")) == "Раз\nДва"


def test_words_alone_are_one_line() -> None:
    assert to_text("<b>Раз</b> &amp; <p>два</p><p>три</p>") == "Раз & два три"


@pytest.mark.parametrize(
    "tail",
    [
        '<p>Der Beitrag <a href="/1">Brücke</a> erschien zuerst auf <a href="/">Bote</a>.</p>',
        '<p>L’article <a href="/1">Pont</a> est apparu en premier sur <a href="/">Courrier</a>.</p>',
        '<p>La entrada <a href="/1">Puente</a> se publicó primero en <a href="/">Diario</a>.</p>',
        '<p>L’articolo <a href="/1">Ponte</a> proviene da <a href="/">Gazzetta</a>.</p>',
        '<p>Запись <a href="/1">Мост</a> впервые появилась <a href="/">Вести</a>.</p>',
        '<p>Допис <a href="/1">Міст</a> спершу з’явився на <a href="/">Вісті</a>.</p>',
        "<p>This media is not supported in your browser</p><p>VIEW IN TELEGRAM</p>",
        "<p>Your browser does not support the video tag.</p>",
        *(
            f'<p><a href="/1">{more}</a></p>'
            for more in (
                *(
                    "[Read more]",
                    "Keep reading",
                    "Read the full story",
                    "Full story »",
                    "(more…)",
                    "Lire la suite",
                ),
                *(
                    "Weiterlesen",
                    "Leer más",
                    "Leggi tutto",
                    "Czytaj więcej",
                    "Читати далі",
                    "Читать на сайте",
                    "Далее...",
                ),
            )
        ),
    ],
)
def test_what_engines_set_under_a_story_is_left_out_in_any_language(tail: str) -> None:
    assert plain_text(read(f"<p>Мост открыт.</p>{tail}")) == "Мост открыт."


def test_words_that_only_begin_like_that_stay() -> None:
    html = "<p>Мост открыт.</p><p>Read more books, the mayor said.</p>"
    assert plain_text(read(html)) == "Мост открыт.\nRead more books, the mayor said."
