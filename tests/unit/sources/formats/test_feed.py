"""Feeds of every kind are read; what is no feed, or means harm, is refused with a reason."""

from __future__ import annotations

import contextlib
import json
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.model.story.content import Figure, MediaKind, plain, plain_text
from bot.sources.formats.feed import parse_feed
from bot.sources.formats.newest import MOST_ITEMS
from bot.sources.item import Item, SourceError

URL = "https://example.org/feed.xml"
AT = datetime(2026, 5, 4, 10, 30, tzinfo=UTC)


def rss(*items: str, attributes: str = "", channel: str = "") -> bytes:
    inside = "".join(f"<item>{item}</item>" for item in items)
    return f'<rss version="2.0"{attributes}><channel><title>Лента</title>{channel}{inside}</channel></rss>'.encode()


def only(body: bytes, content_type: str = "", url: str = URL) -> Item:
    (item,) = parse_feed(body, content_type, url)
    return item


ITEM = "<title>Мост открыт</title><link>https://example.org/1</link><guid>id-1</guid>"
ATOM = """<feed xmlns="http://www.w3.org/2005/Atom"><title>Лента</title><entry><id>id-1</id>
  <title type="html">Мост &amp;amp; река</title><link href="/1"/><updated>2026-05-04T13:30:00+03:00</updated>
  <category term="town" label="Город"/><content type="xhtml"><div xmlns="http://www.w3.org/1999/xhtml"><p>Раз</p>
  <p>Два</p></div></content><summary>Коротко</summary></entry></feed>"""
RDF = """<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns="http://purl.org/rss/1.0/"
  xmlns:dc="http://purl.org/dc/elements/1.1/"><channel rdf:about="https://example.org/"><title>Лента</title></channel>
  <item rdf:about="https://example.org/1"><title>Мост открыт</title><link>https://example.org/1</link>
  <description>Движение пущено.</description><dc:date>2026-05-04T10:30:00Z</dc:date></item></rdf:RDF>"""


def test_rss_2_is_read_whole() -> None:
    item = only(
        rss(
            ITEM + "<pubDate>Mon, 04 May 2026 13:30:00 +0300</pubDate><category>Город</category>"
            "<description>Коротко о мосте.</description>"
            "<content:encoded><![CDATA[<p>ДОЛИНСК (Агентство). Раз <b>два</b>.</p><p>Три.</p>]]></content:encoded>",
            attributes=' xmlns:content="http://purl.org/rss/1.0/modules/content/"',
        )
    )
    assert (item.uid, item.headline, item.url) == ("id-1", "Мост открыт", "https://example.org/1")
    assert (item.lead, item.dateline) == ("Коротко о мосте.", "ДОЛИНСК (Агентство).")
    assert plain_text(item.blocks) == "Раз два.\nТри."
    assert (item.published, item.categories) == (AT, ("Город",))


@pytest.mark.parametrize("version", ["0.90", "0.91", "0.92", "0.93", "0.94", "2.0"])
def test_every_version_of_rss_is_read(version: str) -> None:
    body = rss(ITEM + "<description>Движение пущено.</description>").replace(b"2.0", version.encode())
    assert (only(body).headline, only(body).lead) == ("Мост открыт", "Движение пущено.")


def test_rdf_and_atom_are_read() -> None:
    first = only(RDF.encode())
    assert (first.uid, first.lead, first.published) == ("https://example.org/1", "Движение пущено.", AT)
    second = only(ATOM.encode())
    assert (second.uid, second.headline, second.url) == ("id-1", "Мост & река", "https://example.org/1")
    assert (second.lead, plain_text(second.blocks)) == ("Коротко", "Раз\nДва")
    assert (second.published, second.categories) == (AT, ("town", "Город"))


def test_json_feed_is_read() -> None:
    feed = {
        "version": "https://jsonfeed.org/version/1.1",
        "items": [
            {
                "id": 7,
                "url": "/1",
                "title": "Мост открыт",
                "summary": "Коротко",
                "content_html": "<p>Раз</p><p>Два</p>",
                "image": "/a.jpg",
                "tags": ["Город", 5],
                "date_published": "2026-05-04T13:30:00+03:00",
            },
            {"id": "8", "content_text": "Только слова.\n\nЕщё слова."},
            "not an item",
        ],
    }
    first, second = parse_feed(json.dumps(feed).encode(), "", URL)
    assert (first.uid, first.url, first.published) == ("7", "https://example.org/1", AT)
    assert first.picture is not None
    assert (first.picture.url, first.categories) == ("https://example.org/a.jpg", ("Город",))
    assert plain_text(first.blocks) == "Раз\nДва"
    assert second.headline == "Только слова. Ещё слова."


def test_what_says_nothing_is_left_out_and_what_has_no_title_gets_one() -> None:
    items = parse_feed(
        rss("<guid>1</guid>", "<description>Мост открыт утром. Движение пущено.</description>"), "", URL
    )
    assert [item.headline for item in items] == ["Мост открыт утром. Движение пущено."]


def test_identity_is_the_sources_id_else_its_link_else_what_it_says() -> None:
    assert only(rss("<title>x</title><link>/1</link>")).uid == "https://example.org/1"
    nameless = "<title>Мост открыт</title><description>Утром.</description>"
    assert only(rss(nameless)).uid == only(rss(nameless)).uid
    assert only(rss(nameless)).uid != only(rss(nameless.replace("Утром", "Днём"))).uid
    assert only(rss(f"<guid>{'x' * 600}</guid><title>x</title>")).uid.startswith("sha256:")


def test_an_identity_comes_once_and_a_feed_has_its_bound() -> None:
    assert len(parse_feed(rss(ITEM, ITEM), "", URL)) == 1
    many = rss(*(f"<guid>{number}</guid><title>x</title>" for number in range(MOST_ITEMS + 50)))
    assert len(parse_feed(many, "", URL)) == MOST_ITEMS


def dated(number: int, hours: int | None) -> str:
    told = f"<pubDate>{AT + timedelta(hours=hours):%Y-%m-%dT%H:%M:%SZ}</pubDate>" if hours is not None else ""
    return f"<guid>{number}</guid><title>Новость {number}</title>{told}"


@pytest.mark.parametrize(
    ("hours_of", "dropped"),
    [
        (lambda number: number - 1000, range(50)),
        (lambda number: -number, range(MOST_ITEMS, MOST_ITEMS + 50)),
        (lambda number: 0, range(50)),
        (lambda number: None, range(50)),
        (lambda number: None if number < 50 else number - 1000, range(50, 100)),
    ],
)
def test_of_a_long_feed_the_newest_are_kept_wherever_they_stand(
    hours_of: Callable[[int], int | None], dropped: range
) -> None:
    told = [dated(number, hours_of(number)) for number in range(MOST_ITEMS + 50)]
    kept = [int(item.uid) for item in parse_feed(rss(*told), "", URL)]
    assert kept == [number for number in range(MOST_ITEMS + 50) if number not in dropped]


def test_without_dates_and_growing_numbers_the_first_are_the_newest() -> None:
    told = [dated(number, None) for number in range(MOST_ITEMS + 50, 0, -1)]
    assert parse_feed(rss(*told), "", URL)[0].uid == str(MOST_ITEMS + 50)


def test_of_a_long_json_feed_the_newest_are_kept() -> None:
    items = [
        {"id": number, "title": "x", "date_published": f"{AT + timedelta(minutes=number):%Y-%m-%dT%H:%M:%SZ}"}
        for number in range(MOST_ITEMS + 50)
    ]
    feed = {"version": "https://jsonfeed.org/version/1.1", "items": items}
    assert parse_feed(json.dumps(feed).encode(), "", URL)[0].uid == "50"


@pytest.mark.parametrize(
    ("channel", "title", "hour"),
    [
        ("<language>ru-ru</language>", "x", 10),
        ("<language>en</language>", "Мосты открыты", 13),
        ("", "Мосты открыты", 10),
        ("", "Мости відкриті", 13),
        ("", "Bridges open", 13),
    ],
)
def test_a_clock_without_a_zone_is_moscows_in_a_feed_in_russian(channel: str, title: str, hour: int) -> None:
    text = f"<title>{title}</title><pubDate>04.05.2026 13:30</pubDate>"
    item = only(rss(text, channel=channel).replace("Лента".encode(), b"Wire"))
    assert item.published == AT.replace(hour=hour)


def test_an_item_whose_letters_were_lost_is_left_out() -> None:
    lost = "<guid>id-2</guid><title>\ufffd\ufffd\ufffd\ufffd \ufffd\ufffd\ufffd</title>"
    assert [item.uid for item in parse_feed(rss(lost, ITEM), "", URL)] == ["id-1"]
    with pytest.raises(SourceError, match="letters were lost"):
        parse_feed(rss(lost, attributes=' title="Лента новостей области"'), "", URL)


@pytest.mark.parametrize(
    ("attributes", "address"),
    [("", "https://example.org/news/a"), (' xml:base="https://example.com/x/"', "https://example.com/x/a")],
)
def test_relative_addresses_start_from_the_storys_page_unless_a_base_is_declared(
    attributes: str, address: str
) -> None:
    text = "<title>x</title><link>https://example.org/news/1</link>"
    text += "<description><![CDATA[<p>Раз <a href='a'>два</a></p><p>Три</p>]]></description>"
    item = only(rss(text, attributes=attributes))
    assert address in str(item.blocks)


def test_media_rss_gives_the_largest_picture_with_its_words() -> None:
    media = """<title>x</title><description>Коротко.</description><media:group>
      <media:content url="/s.jpg" width="300" type="image/jpeg"/>
      <media:content url="/l.jpg" width="1600" height="900" type="image/jpeg"/>
      <media:content url="/xl.jpg" width="9000" type="image/jpeg"/>
      <media:description type="html">Мост &lt;b&gt;утром&lt;/b&gt;</media:description>
      <media:credit role="photographer">Имя</media:credit></media:group>
      <media:content url="/v.mp4" type="video/mp4"><media:thumbnail url="/t.jpg"/></media:content>
      <enclosure url="/a.mp3" type="audio/mpeg" length="1"/>"""
    item = only(rss(media, attributes=' xmlns:media="http://search.yahoo.com/mrss/"'))
    assert item.lead == "Коротко."
    assert item.picture is not None
    assert (item.picture.url, item.picture.width) == ("https://example.org/l.jpg", 1600)
    lead, sound, film = item.blocks
    assert isinstance(lead, Figure)
    assert (plain(lead.caption), plain(lead.credit)) == ("Мост утром", "Имя")
    assert isinstance(sound, Figure)
    assert (sound.media.kind, sound.media.url) == (MediaKind.AUDIO, "https://example.org/a.mp3")
    assert isinstance(film, Figure)
    assert (film.media.kind, film.media.poster) == (MediaKind.VIDEO, "https://example.org/t.jpg")


def test_a_picture_of_the_body_gets_the_words_that_only_the_feed_has() -> None:
    text = """<title>x</title><description><![CDATA[<p>Раз</p><img src="/a.jpg"><p>Два</p>]]></description>
      <media:content url="/a.jpg" medium="image"><media:credit>Имя</media:credit></media:content>"""
    item = only(rss(text, attributes=' xmlns:media="http://search.yahoo.com/mrss/"'))
    shown = [block for block in item.blocks if isinstance(block, Figure)]
    assert [(each.media.url, plain(each.credit)) for each in shown] == [("https://example.org/a.jpg", "Имя")]


def test_words_of_a_video_feed_are_its_story() -> None:
    text = """<title>x</title><media:group><media:description>Запуск ракеты.</media:description>
      <media:thumbnail url="/t.jpg"/></media:group>"""
    item = only(rss(text, attributes=' xmlns:media="http://search.yahoo.com/mrss/"'))
    assert plain_text(item.blocks) == "Запуск ракеты."
    assert item.picture is not None


@pytest.mark.parametrize(
    ("encoding", "content_type"),
    [
        ("utf-8", ""),
        ("windows-1251", ""),
        ("koi8-r", "application/rss+xml; charset=koi8-r"),
        ("utf-16", ""),
        ("windows-1251", "text/xml; charset=utf-8"),
    ],
)
def test_encodings_are_taken_from_where_the_standards_say(encoding: str, content_type: str) -> None:
    text = f'<?xml version="1.0" encoding="{encoding}"?>' + rss(ITEM).decode()
    assert only(text.encode(encoding), content_type).headline == "Мост открыт"


BOMB = '<!DOCTYPE rss [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;">]>' + rss("<title>&b;</title>").decode()


@pytest.mark.parametrize(
    ("body", "reason"),
    [
        (BOMB.encode(), "entities"),
        (b'<!DOCTYPE rss [<!ENTITY x SYSTEM "file:///etc/passwd">]><rss/>', "entities"),
        (b'<!DOCTYPE rss SYSTEM "x" [<!entity % x SYSTEM "http://example.org/x">]><rss/>', "entities"),
        (b"<rss>" + b"<a>" * 200_000, "too-deep"),
        (b"<!DOCTYPE html><html><body><p>x</body></html>", "not-a-feed"),
        (b"", "not-a-feed"),
        (b"{", "not-a-feed"),
        (b'{"items": []}', "not-a-feed"),
        (b'{"version": "https://jsonfeed.org/version/1", "items": {}}', "not-a-feed"),
        (b"<?xml version='1.0'", "not-a-feed"),
        ("<rss><channel><item><title>Мост</title>".encode("cp1251"), "encoding"),
        (b"<rss><channel><item><title>" + b"<a " * 400_000, "malformed"),
        (b"\x00\xff\xfe" * 100, "encoding"),
    ],
)
def test_what_is_no_feed_or_means_harm_is_refused_with_a_reason(body: bytes, reason: str) -> None:
    with pytest.raises(SourceError) as raised:
        parse_feed(body, "", URL)
    assert raised.value.reason == reason


def test_a_feed_that_breaks_off_gives_what_it_has() -> None:
    body = rss(ITEM, ITEM.replace("id-1", "id-2"))
    assert [item.uid for item in parse_feed(body[: body.rindex(b"</item>")], "", URL)] == ["id-1", "id-2"]


def test_a_list_without_end_is_refused() -> None:
    body = rss(*("<title>x</title>" for _ in range(100_000)))
    with pytest.raises(SourceError, match="more than 10,000 items"):
        parse_feed(body, "", URL)


def test_identities_and_addresses_outlive_a_move_of_the_feed() -> None:
    body = rss("<title>x</title><guid>id-1</guid><link>/1</link>")
    before, after = only(body, url="http://example.org/feed"), only(body, url="https://example.org/rss.xml")
    assert before.uid == after.uid == "id-1"
    assert after.url == "https://example.org/1"


@given(st.binary(max_size=300) | st.text(max_size=300).map(str.encode))
@settings(deadline=None)
def test_any_bytes_are_items_or_a_reason(body: bytes) -> None:
    for start in (
        b"",
        b"<rss><channel><item><title>",
        b'{"version":"https://jsonfeed.org/version/1","items":[',
    ):
        with contextlib.suppress(SourceError):
            assert all(item.headline for item in parse_feed(start + body, "", URL))
