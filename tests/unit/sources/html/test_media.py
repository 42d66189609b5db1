"""Markup with pictures, players and what is shown from elsewhere, to blocks."""

from __future__ import annotations

import pytest

from bot.model.story.content import Embed, Figure, Gallery, Media, MediaKind, Paragraph, plain, plain_text
from tests.unit.sources.html.marking import BASE, one, picture, read, words


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


@pytest.mark.parametrize(
    "name",
    [
        "data-lazy",
        "data-url",
        "data-hi-res-src",
        "data-lazyload",
        "data-img-src",
        "data-echo",
        "data-actualsrc",
    ],
)
def test_any_lazy_loaders_attribute_is_known(name: str) -> None:
    assert one(f'<img src="data:image/gif;base64,R0" {name}="a.jpg">') == Figure(picture("a.jpg"))


@pytest.mark.parametrize(
    "counter",
    [
        '<img src="https://example.org/hit" style="width:1px; height: 1px !important">',
        '<img src="https://example.org/pixel.gif?id=1">',
        '<img src="https://example.org/count/tracking-pixel.gif">',
        '<img src="https://www.tns-counter.ru/V13a/ru">',
    ],
)
def test_a_picture_that_counts_readers_is_left_out(counter: str) -> None:
    assert read(f"<p>Мост</p>{counter}") == read("<p>Мост</p>")


def test_a_picture_that_grows_with_its_place_counts_nothing() -> None:
    assert one('<img src="a.jpg" style="width:0;height:0;min-width:100%">') == Figure(picture("a.jpg"))


def test_an_emoji_that_was_drawn_is_a_letter() -> None:
    html = (
        '<p>Мост <img src="https://example.org/images/emoji.php/v9/1f600.png" alt="😀" width="16"> открыт</p>'
    )
    assert plain_text(read(html)) == "Мост 😀 открыт"


def test_a_picture_of_sources_alone_is_shown() -> None:
    assert one('<picture><source srcset="s.jpg 300w, a.jpg 1200w"></picture>') == Figure(picture("a.jpg"))


@pytest.mark.parametrize(
    "player",
    [
        '<lite-youtube class="x" videoid="abcdefghijk"></lite-youtube>',
        '<amp-youtube data-videoid="abcdefghijk"></amp-youtube>',
        '<object data="https://www.youtube.com/v/abcdefghijk"><p>Нужен плагин</p></object>',
        '<embed src="//www.youtube.com/v/abcdefghijk?fs=1">',
    ],
)
def test_a_player_that_is_no_frame_is_an_embed(player: str) -> None:
    shown = one(player)
    assert isinstance(shown, Embed)
    assert shown.url == "https://www.youtube.com/watch?v=abcdefghijk"


def test_a_base_inside_the_html_is_where_links_start() -> None:
    html = '<base href="https://cdn.example.org/x/"><p>Мост</p><img src="a.jpg">'
    assert [each.media.url for each in read(html) if isinstance(each, Figure)] == [
        "https://cdn.example.org/x/a.jpg"
    ]
