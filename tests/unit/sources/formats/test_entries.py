"""What an entry of a feed says and shows: the fullest text, the largest picture, its own headline."""

from __future__ import annotations

import pytest

from bot.model.story.content import Embed, Figure, plain_text
from bot.sources.formats.feed import parse_feed
from bot.sources.item import Item

SPACES = (
    ' xmlns:content="http://purl.org/rss/1.0/modules/content/" xmlns:media="http://search.yahoo.com/mrss/"'
    ' xmlns:yandex="http://news.yandex.ru" xmlns:turbo="http://turbo.yandex.ru"'
    ' xmlns:itunes="http://www.itunes.com/dtds/podcast-1.0.dtd"'
)
TITLE = "<title>Мост открыт</title>"
SITE = "https://example.org/"


def only(*inside: str) -> Item:
    entry = "".join((f"<link>{SITE}1</link><guid>id-1</guid>", *inside))
    feed = (
        f'<rss version="2.0"{SPACES}><channel><title>Вести порта</title><item>{entry}</item></channel></rss>'
    )
    (item,) = parse_feed(feed.encode(), "", f"{SITE}feed.xml")
    return item


def description(html: str) -> str:
    return f"<description><![CDATA[{html}]]></description>"


def encoded(html: str) -> str:
    return f"<content:encoded><![CDATA[{html}]]></content:encoded>"


def picture(item: Item) -> str:
    assert item.picture is not None
    assert item.picture.url is not None
    return item.picture.url.removeprefix(SITE)


@pytest.mark.parametrize(
    "full",
    [
        "<yandex:full-text>Первый абзац.\n\nВторой абзац.</yandex:full-text>",
        "<yandex:full-text>Первый абзац.\nВторой абзац.</yandex:full-text>",
        "<yandex:full-text><![CDATA[<p>Первый абзац.</p><p>Второй абзац.</p>]]></yandex:full-text>",
        "<yandex:full-text><p>Первый абзац.</p><p>Второй абзац.</p></yandex:full-text>",
        "<yandex:full-text>&amp;lt;p&amp;gt;Первый абзац.&amp;lt;/p&amp;gt;"
        "&amp;lt;p&amp;gt;Второй абзац.&amp;lt;/p&amp;gt;</yandex:full-text>",
        "<turbo:content><![CDATA[<header><h1>Мост открыт</h1><menu><a href='/'>Главная</a></menu></header>"
        "<p>Первый абзац.</p><p>Второй абзац.</p><div data-block='share'>Поделиться</div>]]></turbo:content>",
    ],
)
def test_the_full_text_of_russian_engines_is_the_body(full: str) -> None:
    item = only(TITLE, description("Коротко."), full)
    assert (item.lead, plain_text(item.blocks)) == ("Коротко.", "Первый абзац.\nВторой абзац.")


def test_a_full_text_no_longer_than_the_body_leaves_the_body_its_links() -> None:
    body = encoded('<p>Первый абзац.</p><p>Второй <a href="/2">абзац</a>.</p>')
    item = only(TITLE, "<yandex:full-text>Первый абзац.\nВторой абзац.</yandex:full-text>", body)
    assert "https://example.org/2" in str(item.blocks)


def test_a_description_fuller_than_the_body_is_the_body() -> None:
    told = "<p>Первый абзац, и он длинный.</p><ul><li>раз</li><li>два</li></ul><p>Последний.</p>"
    item = only(TITLE, description(told), encoded('<p>Коротко.</p><img src="/a.jpg">'))
    assert plain_text(item.blocks).split("\n") == ["Первый абзац, и он длинный.", "раз", "два", "Последний."]
    assert (item.lead, [block.media.url for block in item.blocks if isinstance(block, Figure)]) == (
        "Коротко.",
        [f"{SITE}a.jpg"],
    )


@pytest.mark.parametrize(
    ("inside", "headline"),
    [
        (f"{TITLE}<image><title>Подпись</title><url>/a.jpg</url></image>", "Мост открыт"),
        (f"<image><url>/a.jpg</url><title>Подпись</title></image>{TITLE}", "Мост открыт"),
        (f"{TITLE}<itunes:image href='/a.jpg'/>", "Мост открыт"),
        (f"{TITLE}<image>https://example.org/a.jpg</image>", "Мост открыт"),
    ],
)
def test_an_items_image_is_its_picture_and_no_headline(inside: str, headline: str) -> None:
    item = only(inside, description("Движение пущено."))
    assert (item.headline, item.lead, picture(item)) == (headline, "Движение пущено.", "a.jpg")


@pytest.mark.parametrize(
    ("inside", "headline"),
    [
        (description('<img src="/a.jpg">'), "Вести порта"),
        (description('<img src="/a.jpg" alt="Порт зимой">'), "Порт зимой"),
        ('<enclosure url="/a.jpg" type="image/jpeg"/>', "Вести порта"),
        ('<media:content url="/a.jpg" medium="image"/>', "Вести порта"),
        (
            '<media:content url="/a.jpg" medium="image"><media:title>Порт</media:title></media:content>',
            "Порт",
        ),
        ('<media:title>Порт</media:title><media:thumbnail url="/a.jpg"/>', "Порт"),
    ],
)
def test_a_picture_alone_is_a_story(inside: str, headline: str) -> None:
    item = only(inside)
    assert (item.headline, picture(item)) == (headline, "a.jpg")


def test_a_title_of_media_alone_is_a_story() -> None:
    assert only("<media:title>Порт открыт</media:title>").headline == "Порт открыт"


@pytest.mark.parametrize(
    "inside",
    [
        '<media:thumbnail url="/s.jpg" width="75"/><media:thumbnail url="/l.jpg" width="800"/>',
        '<media:thumbnail url="/l.jpg" width="800"/><media:thumbnail url="/s.jpg" width="75"/>',
        '<media:content url="/s.jpg" medium="image" width="75"/>'
        '<media:content url="/l.jpg" medium="image" width="800"/>',
        description('Слова <img src="/s.jpg" srcset="/s.jpg 75w, /l.jpg 800w">'),
        description('Слова <picture><source srcset="/l.jpg 800w, /m.jpg 400w"><img src="/s.jpg"></picture>'),
        '<enclosure url="/l-75x50.jpg" type="image/jpeg"/><media:content url="/l.jpg" medium="image"/>',
        description('Слова <img src="/l-300x200.jpg">') + '<enclosure url="/l.jpg" type="image/jpeg"/>',
        '<enclosure url="/l.jpg?w=75&amp;v=1" type="image/jpeg"/><enclosure url="/l.jpg?v=1" type="image/jpeg"/>',
    ],
)
def test_of_a_picture_in_several_sizes_the_largest_stands_once(inside: str) -> None:
    item = only(TITLE, inside)
    assert picture(item).partition("?")[0] == "l.jpg"
    assert not [block for block in item.blocks if isinstance(block, Figure)]


def test_other_pictures_stay_others() -> None:
    item = only(TITLE, *(f'<enclosure url="/a.php?id={at}&amp;w=75" type="image/jpeg"/>' for at in (1, 2)))
    assert (picture(item), len(item.blocks)) == ("a.php?id=1&w=75", 1)


def test_a_description_of_media_keeps_its_lines() -> None:
    told = "Вступайте!\nhttps://example.org/join\n\nПаром снова ходит."
    item = only(TITLE, f"<media:group><media:description>{told}</media:description></media:group>")
    assert plain_text(item.blocks) == told.replace("\n\n", "\n")
    assert len(item.blocks) == 2


def test_addresses_with_spaces_and_letters_are_kept() -> None:
    item = only(
        TITLE,
        description('<p>Слова <a href="/мост открыт">ссылка</a>.</p><p>Ещё.</p>'),
        '<enclosure url="/a 1.jpg" type="image/jpeg"/>',
    )
    assert picture(item) == "a%201.jpg"
    assert f"{SITE}%D0%BC%D0%BE%D1%81%D1%82%20" in str(item.blocks)


@pytest.mark.parametrize(
    "html",
    [
        '<script async src="https://telegram.org/js/telegram-widget.js?22" data-telegram-post="port/5"></script>',
        "<script data-telegram-post='port/5' data-width='100%' src='x.js'></script>",
        '<iframe src="https://t.me/port/5?embed=1"></iframe>',
    ],
)
def test_a_post_from_telegram_is_an_embed_with_its_address(html: str) -> None:
    item = only(TITLE, description(f"<p>Движение пущено.</p>{html}<p>Ещё.</p>"))
    assert [block for block in item.blocks if isinstance(block, Embed)] == [
        Embed("https://t.me/port/5", provider="Telegram")
    ]


def test_headline_lead_and_body_lose_what_was_escaped_too_often() -> None:
    item = only(
        "<title>Мост&amp;amp;nbsp;&amp;amp;laquo;Новый&amp;amp;raquo;</title>",
        "<description>&amp;lt;p&amp;gt;Коротко о мосте.&amp;lt;/p&amp;gt;</description>",
        encoded("&lt;p&gt;Первый абзац, он длиннее.&lt;/p&gt;&lt;p&gt;Второй абзац.&lt;/p&gt;"),
    )
    assert (item.headline, item.lead) == ("Мост «Новый»", "Коротко о мосте.")
    assert plain_text(item.blocks) == "Первый абзац, он длиннее.\nВторой абзац."


@pytest.mark.parametrize("name", ["rambler:fulltext", "mailru:full-text", "fullText", "full_text", "encoded"])
def test_a_full_text_is_known_by_its_name_in_any_namespace(name: str) -> None:
    item = only(TITLE, description("Коротко."), f"<{name}>Первый абзац о мосте.\n\nВторой абзац.</{name}>")
    assert plain_text(item.blocks) == "Первый абзац о мосте.\nВторой абзац."


@pytest.mark.parametrize(
    "image",
    [
        "<thumbnail>a.jpg</thumbnail>",
        '<thumbnail url="a.jpg"/>',
        '<img src="a.jpg"/>',
        "<imageUrl>a.jpg</imageUrl>",
        "<featuredImage>a.jpg</featuredImage>",
        "<post-thumbnail><url>a.jpg</url></post-thumbnail>",
        '<itunes:image href="a.jpg"/>',
        '<enclosure url="a.jpg" type="application/octet-stream"/>',
        '<enclosure url="a.jpg" type="jpg"/>',
        '<enclosure url="a.jpg" type="text/html"/>',
        '<m:content xmlns:m="https://search.yahoo.com/mrss/" url="a.jpg" medium="image"/>',
        '<m:thumbnail xmlns:m="http://video.search.yahoo.com/mrss" url="a.jpg"/>',
    ],
)
def test_a_picture_is_known_however_it_is_named(image: str) -> None:
    assert picture(only(TITLE, description("Первый абзац."), image)) == "a.jpg"


def test_a_sound_is_known_by_its_name_where_its_type_is_none() -> None:
    item = only(TITLE, description("Первый абзац."), '<enclosure url="e.mp3?x=1" type="mp3"/>')
    assert [each.media.kind for each in item.blocks if isinstance(each, Figure)] == ["audio"]


def test_an_authors_portrait_is_no_picture_of_the_story() -> None:
    portrait = '<media:content url="https://1.gravatar.com/avatar/ab?s=96" medium="image"/>'
    assert only(TITLE, description("Первый абзац."), portrait).picture is None


@pytest.mark.parametrize("nothing", ["null", "undefined", "[object Object]"])
def test_an_engines_word_for_nothing_is_no_text(nothing: str) -> None:
    item = only(TITLE, description(nothing))
    assert (item.lead, item.blocks) == ("", ())


def test_a_site_names_itself_in_no_headline() -> None:
    assert only("<title>Мост открыт - Вести порта</title>").headline == "Мост открыт"


@pytest.mark.parametrize(
    "links",
    [
        '<link rel="replies" href="/1/feed"/><link rel="alternate" href="/1"/>',
        '<link rel="alternate" type="application/json" href="/1.json"/><link type="text/html" href="/1"/>',
        '<link href="/1"/><link rel="alternate" type="application/nostr+json" href="nostr:naddr1q"/>',
        '<link rel="alternate" href="/1"/><link rel="enclosure" type="image/jpeg">https://example.org/x.jpg</link>',
        '<link rel="self" href="/api/1"/><link rel="edit" href="/edit/1"/><link rel="alternate" href="/1"/>',
        '<link href="https://www.google.com/url?rct=j&amp;url=https://example.org/1&amp;ct=ga"/>',
    ],
)
def test_an_entrys_link_is_its_own_page(links: str) -> None:
    feed = f'<feed xmlns="http://www.w3.org/2005/Atom"><entry><id>1</id>{TITLE}{links}</entry></feed>'
    (item,) = parse_feed(feed.encode(), "", f"{SITE}feed.xml")
    assert item.url == f"{SITE}1"


def test_a_link_that_counts_gives_way_to_the_original() -> None:
    feed = (
        '<rss version="2.0" xmlns:feedburner="http://rssnamespace.org/feedburner/ext/1.0"><channel><item>'
        f"{TITLE}<link>https://feeds.example.org/~r/1</link><feedburner:origLink>{SITE}1</feedburner:origLink>"
        "</item></channel></rss>"
    )
    (item,) = parse_feed(feed.encode())
    assert item.url == f"{SITE}1"


def test_the_first_of_two_links_is_an_items_page() -> None:
    feed = f"<rss><channel><item>{TITLE}<link>{SITE}1</link><link>{SITE}2</link></item></channel></rss>"
    (item,) = parse_feed(feed.encode())
    assert item.url == f"{SITE}1"
