"""Web HTML becomes blocks: each kind of WordPress's markup, and what is not the story left out."""

from __future__ import annotations

import pytest

from bot.model.content import (
    Block,
    Blocks,
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
    plain,
    plain_text,
)
from bot.sources.markup import to_blocks, to_text

BASE = "https://example.org/news/1/"


def read(html: str) -> Blocks:
    return to_blocks(html, BASE)


def one(html: str) -> Block:
    (block,) = read(html)
    return block


def words(text: str, *marks: Mark, href: str | None = None) -> Run:
    return Run(text, frozenset(marks), href)


def picture(name: str) -> Media:
    return Media(MediaKind.PICTURE, BASE + name)


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


def test_a_picture_has_its_caption_and_its_credit_apart() -> None:
    html = """<figure class="wp-block-image"><img src="a.jpg" alt="Мост" width="800" height="600">
      <figcaption>Мост утром <cite>Фото: Имя</cite></figcaption></figure>"""
    media = Media(MediaKind.PICTURE, BASE + "a.jpg", alt="Мост", width=800, height=600)
    assert one(html) == Figure(media, (words("Мост утром"),), (words("Фото: Имя"),))


@pytest.mark.parametrize(
    "html",
    [
        '<div class="wp-caption alignleft"><img src="a.jpg"><p class="wp-caption-text">Мост</p></div>',
        '<p>[caption id="a" width="300"]<img src="a.jpg"> Мост[/caption]</p>',
        '<p>[caption width="300" caption="Мост"]<img src="a.jpg">[/caption]</p>',
        '<img src="a.jpg"><figcaption>Мост</figcaption>',
        '<dl class="gallery-item"><dt><img src="a.jpg"></dt><dd class="wp-caption-text">Мост</dd></dl>',
    ],
)
def test_old_ways_to_caption_are_known(html: str) -> None:
    figure = one(html)
    assert isinstance(figure, Figure)
    assert (figure.media.url, plain(figure.caption)) == (BASE + "a.jpg", "Мост")


@pytest.mark.parametrize(
    ("html", "name"),
    [
        ('<img src="data:image/gif;base64,R0" data-src="a.jpg">', "a.jpg"),
        ('<img src="data:," data-lazy-src="a.jpg"><noscript><img src="a.jpg"></noscript>', "a.jpg"),
        ('<div class="lazy"></div><noscript><img src="a.jpg"></noscript>', "a.jpg"),
        ('<img src="s.jpg" srcset="s.jpg 300w, m.jpg 1024w, l.jpg 5000w">', "m.jpg"),
        ('<img src="s.jpg" srcset="s.jpg 1x, m.jpg 2x">', "m.jpg"),
        ('<img src="data:," data-srcset="s.jpg 300w,m.jpg 600w">', "m.jpg"),
        ('<picture><source srcset="a.webp 800w"><img src="/images/placeholder.gif"></picture>', "a.webp"),
        ('<img src=" a.jpg ">', "a.jpg"),
    ],
)
def test_the_picture_that_is_meant_is_found(html: str, name: str) -> None:
    figure = one(html)
    assert isinstance(figure, Figure)
    assert figure.media.url == BASE + name


@pytest.mark.parametrize(
    "html",
    [
        '<img src="https://mc.yandex.ru/watch/1">',
        '<img src="p.gif" width="1" height="1">',
        '<noscript><img src="https://counter.yadro.ru/hit"></noscript>',
        '<img src="data:image/png;base64,AAAA">',
        '<img src="p.jpg" style="display:none">',
    ],
)
def test_what_counts_readers_is_no_picture(html: str) -> None:
    assert read(f"<p>Слово</p>{html}") == (Paragraph((words("Слово"),)),)


def test_a_linked_picture_leads_where_its_link_does_unless_that_is_itself() -> None:
    assert one('<a href="/page"><img src="a.jpg"></a>') == Figure(
        picture("a.jpg"), href="https://example.org/page"
    )
    assert one('<a href="a-full.jpg"><img src="a.jpg"></a>') == Figure(picture("a.jpg"))


def test_a_picture_inside_a_sentence_does_not_break_it() -> None:
    text, figure = read('<p>Начало <img src="a.jpg"> и конец.</p>')
    assert plain_text((text,)) == "Начало и конец."
    assert figure == Figure(picture("a.jpg"))


def test_an_emoji_drawn_as_a_picture_is_a_letter() -> None:
    assert plain_text(read('<p>Ура <img class="emoji" alt="🎉" src="1f389.svg"></p>')) == "Ура 🎉"


@pytest.mark.parametrize(
    "html",
    [
        '<figure class="wp-block-gallery"><figure><img src="1.jpg"><figcaption>Один</figcaption></figure>'
        '<figure><img src="2.jpg"></figure><figcaption>Все</figcaption></figure>',
        '<figure class="wp-block-gallery"><ul class="blocks-gallery-grid"><li><figure><img src="1.jpg">'
        '<figcaption>Один</figcaption></figure></li><li><figure><img src="2.jpg"></figure></li></ul>'
        "<figcaption>Все</figcaption></figure>",
    ],
)
def test_galleries_old_and_new_are_one_block(html: str) -> None:
    gallery = one(html)
    assert isinstance(gallery, Gallery)
    assert [(each.media.url, plain(each.caption)) for each in gallery.figures] == [
        (BASE + "1.jpg", "Один"),
        (BASE + "2.jpg", ""),
    ]
    assert plain(gallery.caption) == "Все"


def test_players_and_files_are_figures() -> None:
    video = (
        '<figure class="wp-block-video"><video src="v.mp4" poster="p.jpg"></video>'
        "<figcaption>Кадры</figcaption></figure>"
    )
    assert one(video) == Figure(
        Media(MediaKind.VIDEO, BASE + "v.mp4", poster=BASE + "p.jpg"), (words("Кадры"),)
    )
    assert one('<audio controls><source src="a.mp3"></audio>') == Figure(
        Media(MediaKind.AUDIO, BASE + "a.mp3")
    )
    file = (
        '<div class="wp-block-file"><object data="r.pdf"></object><a href="r.pdf">Отчёт</a>'
        '<a href="r.pdf" class="wp-block-file__button" download>Скачать</a></div>'
    )
    assert one(file) == Figure(Media(MediaKind.FILE, BASE + "r.pdf", alt="Отчёт"), (words("Отчёт"),))


@pytest.mark.parametrize(
    ("html", "shown"),
    [
        (
            '<figure class="wp-block-embed is-provider-youtube"><div class="wp-block-embed__wrapper">\n'
            "https://youtu.be/abcdefghijk\n</div><figcaption>Запись</figcaption></figure>",
            Embed("https://youtu.be/abcdefghijk", "", "YouTube", (words("Запись"),)),
        ),
        (
            '<iframe src="https://www.youtube.com/embed/abcdefghijk?start=9" title="Запуск"></iframe>',
            Embed("https://www.youtube.com/watch?v=abcdefghijk&t=9s", "Запуск", "YouTube"),
        ),
        (
            '<iframe data-src="https://rutube.ru/play/embed/a1"></iframe>',
            Embed("https://rutube.ru/video/a1/", "", "RuTube"),
        ),
        ("<p>https://vimeo.com/123</p>", Embed("https://vimeo.com/123", "", "Vimeo")),
        ("<p>[embed]https://vimeo.com/123[/embed]</p>", Embed("https://vimeo.com/123", "", "Vimeo")),
        (
            '<iframe src="https://yandex.ru/map-widget/v1/?ll=37.62%2C55.75&amp;z=12" title="Карта"></iframe>',
            Embed(
                "https://yandex.ru/map-widget/v1/?ll=37.62%2C55.75&z=12",
                "Карта",
                "Яндекс",
                (),
                (55.75, 37.62),
            ),
        ),
        (
            '<iframe src="https://www.google.com/maps/embed?pb=!1m18!2d37.6!3d55.7"></iframe>',
            Embed("https://www.google.com/maps/embed?pb=!1m18!2d37.6!3d55.7", "", "Google", (), (55.7, 37.6)),
        ),
        (
            '<figure class="wp-block-embed"><div><blockquote class="wp-embedded-content"><a href="https://a.org/s">'
            'Новость</a></blockquote><iframe src="https://a.org/s/embed/"></iframe></div></figure>',
            Embed("https://a.org/s", "Новость", "a.org"),
        ),
    ],
)
def test_what_is_shown_from_elsewhere_is_a_titled_link(html: str, shown: Embed) -> None:
    assert one(html) == shown


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
