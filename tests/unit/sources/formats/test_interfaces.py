"""What sites offer beside feeds: posts of WordPress's interface, news sitemaps; and JSON Feed as templates write it."""

from __future__ import annotations

import gzip
import json
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from bot.model.story.content import Figure, plain_text
from bot.sources.formats.files import read_stories
from bot.sources.formats.newest import MOST_ITEMS
from bot.sources.item import Item

URL = "https://example.org/posts"
AT = datetime(2026, 5, 4, 10, 30, tzinfo=UTC)
SITEMAP = """<?xml version="1.0"?><urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9"
  xmlns:news="http://www.google.com/schemas/sitemap-news/0.9"
  xmlns:image="http://www.google.com/schemas/sitemap-image/1.1"><url><loc>https://example.org/1</loc>
  <news:news><news:publication><news:name>Вести</news:name><news:language>ru</news:language></news:publication>
  <news:publication_date>2026-05-04T13:30:00+03:00</news:publication_date><news:title>Мост открыт</news:title>
  <news:keywords>мост, река</news:keywords></news:news>
  <image:image><image:loc>https://example.org/a.jpg</image:loc></image:image></url>
  <url><loc>https://example.org/about</loc></url></urlset>"""


def only(text: str, content_type: str = "") -> Item:
    (item,) = read_stories(URL, text.encode(), content_type)
    return item


def json_feed(**said: Any) -> str:
    item = {"id": "1", "title": "Мост открыт", "content_html": "<p>Первый абзац.</p>", **said}
    return json.dumps({"version": "https://jsonfeed.org/version/1.1", "items": [item]}, ensure_ascii=False)


def test_posts_of_wordpress_are_stories() -> None:
    post = {
        "id": 5,
        "date": "2026-05-04T13:30:00",
        "date_gmt": "2026-05-04T10:30:00",
        "guid": {"rendered": "https://example.org/?p=5"},
        "link": "https://example.org/5",
        "title": {"rendered": "Мост открыт &#8211; утром"},
        "content": {"rendered": "<p>Первый абзац.</p><p>Второй абзац.</p>"},
        "excerpt": {"rendered": "<p>Коротко.</p>"},
        "_embedded": {
            "wp:featuredmedia": [{"source_url": "/a.jpg"}],
            "wp:term": [[{"name": "Город"}], [{"name": "Мосты"}]],
        },
    }
    item = only(json.dumps([post]), "application/json")
    assert (item.headline, item.lead, item.url) == (
        "Мост открыт – утром",
        "Коротко.",
        "https://example.org/5",
    )
    assert plain_text(item.blocks) == "Первый абзац.\nВторой абзац."
    assert (item.published, item.categories) == (AT, ("Город", "Мосты"))
    assert item.picture is not None
    assert (item.uid, item.picture.url) == ("https://example.org/?p=5", "https://example.org/a.jpg")


@pytest.mark.parametrize("broken", [None, 7, "x", {"rendered": None}, [], {"wp:term": [3, [None]]}])
def test_a_post_whose_fields_are_not_what_they_should_be_is_read_all_the_same(broken: Any) -> None:
    names = (
        "guid",
        "link",
        "date",
        "date_gmt",
        "content",
        "excerpt",
        "_embedded",
        "jetpack_featured_media_url",
    )
    item = only(json.dumps([{"title": {"rendered": "Мост открыт"}, **dict.fromkeys(names, broken)}]))
    assert item.headline == "Мост открыт"


def test_a_news_sitemap_tells_headlines_with_links() -> None:
    item = only(SITEMAP)
    assert (item.headline, item.url, item.published) == ("Мост открыт", "https://example.org/1", AT)
    assert (item.categories, item.language) == (("мост", "река"), "ru")
    assert item.picture is not None
    assert item.picture.url == "https://example.org/a.jpg"


def test_of_a_long_sitemap_the_newest_are_kept() -> None:
    one = (
        "<url><loc>https://example.org/{0}</loc><n:news><n:title>Мост {0}</n:title>"
        "<n:publication_date>{1:%Y-%m-%d}</n:publication_date></n:news></url>"
    )
    places = "".join(
        one.format(at, AT - timedelta(days=MOST_ITEMS + 10 - at)) for at in range(MOST_ITEMS + 5)
    )
    found = read_stories(URL, f'<urlset xmlns:n="urn:n">{places}</urlset>'.encode())
    assert (len(found), found[0].headline) == (MOST_ITEMS, "Мост 5")


def test_what_was_packed_and_not_named_so_is_read() -> None:
    (item,) = read_stories(URL, gzip.compress(SITEMAP.encode()))
    assert item.headline == "Мост открыт"


def test_attachments_of_a_json_feed_are_shown() -> None:
    attached = [
        {"url": "/a.jpg", "mime_type": "image/jpeg"},
        {"url": "/e.mp3", "mime_type": "audio/mpeg"},
        {"url": None},
        None,
    ]
    item = only(json_feed(attachments=attached))
    assert item.picture is not None
    assert item.picture.url == "https://example.org/a.jpg"
    assert [each.media.url for each in item.blocks if isinstance(each, Figure)] == [
        "https://example.org/e.mp3"
    ]


@pytest.mark.parametrize(
    ("there", "written"), [("<p>Первый", "\n<p>Первый"), ("}]", "},]"), ('</p>"}', '</p>",\n}')]
)
def test_a_json_feed_with_a_templates_slips_is_read(there: str, written: str) -> None:
    assert plain_text(only(json_feed().replace(there, written)).blocks) == "Первый абзац."


def test_a_comma_inside_a_string_is_no_slip() -> None:
    feed = json_feed(content_html='<p>Раз, ] два \\" ,} три</p>').replace("}]", "},]")
    assert plain_text(only(feed).blocks) == 'Раз, ] два \\" ,} три'
