"""Agency copy, our JSON, whole pages: each to a story, and `read_stories` knows them apart."""

from __future__ import annotations

import contextlib
import json
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.model.errors import SetupError
from bot.model.story.content import Media, MediaKind, Paragraph, Run, plain_text
from bot.sources.formats.agency_copy import read_copy
from bot.sources.formats.article_json import read_json
from bot.sources.formats.files import read_stories
from bot.sources.importer import read_file
from bot.sources.item import Item, SourceError, make_item
from bot.sources.parser_pool import ParserPool

COPY = """Мост через реку открыт: движение пущено утром

Строители сдали объект на месяц раньше срока.

ДОЛИНСК (Агентство). Первый абзац о мосте, в котором есть 13,6% и «кавычки».

Второй абзац о реке.
Третья строка — тоже абзац.

Recent Posts

Другая новость, которой здесь не место

ГОРОДОК (Агентство). Начало другой новости…

11 часов ago
"""
FURNITURE = ("Другая новость", "Начало другой", "ago", "Recent")

PAGE = """<!DOCTYPE html><html lang="ru-RU"><head><meta charset="utf-8"><title>Мост открыт — Агентство</title>
<link rel="canonical" href="https://example.org/bridge"><meta property="og:site_name" content="Агентство">
<script type="application/ld+json">{"@graph": [{"@type": "WebSite"}, {"@type": "NewsArticle",
"headline": "Мост открыт", "description": "Коротко о мосте.", "image": {"url": "/og.jpg"},
"datePublished": "2026-05-04T13:30:00+03:00", "articleSection": "Город"}]}</script></head><body>
<header class="site-header"><nav><a href="/">Главная</a></nav></header><main><article><h1>Мост открыт</h1>
<div class="entry-meta">4 мая, Имя Автора</div><div class="entry-content">
<p>ДОЛИНСК (Агентство). Первый абзац о мосте, довольно длинный, чтобы быть похожим на прозу, а не на меню.</p>
<figure><img src="/a.jpg"><figcaption>Мост утром</figcaption></figure>
<p>Второй абзац, с <a href="/link">ссылкой</a>, тоже довольно длинный, чтобы сказать что-то читателю.</p>
<div class="share-buttons"><a href="/vk">Поделиться</a></div></div>
<section class="related-posts"><h3>Читайте также</h3><ul><li><a href="/2">Другая новость</a></li></ul></section>
</article></main><aside class="sidebar">Погода</aside><div id="comments"><p>Отличная новость, спасибо, что
рассказали об этом мосте и обо всём, что с ним связано, мы ждали его долго.</p></div>
<footer>© Агентство</footer></body></html>"""


def only(name: str, body: bytes, content_type: str = "") -> Item:
    (item,) = read_stories(name, body, content_type)
    return item


def test_agency_copy_is_headline_lead_dateline_and_paragraphs() -> None:
    item = read_copy(COPY.encode())
    assert item.headline == "Мост через реку открыт: движение пущено утром"
    assert item.lead == "Строители сдали объект на месяц раньше срока."
    assert item.dateline == "ДОЛИНСК (Агентство)."
    assert plain_text(item.blocks).split("\n") == [
        "Первый абзац о мосте, в котором есть 13,6% и «кавычки».",
        "Второй абзац о реке.",
        "Третья строка — тоже абзац.",
    ]
    assert not any(words in plain_text(item.blocks) for words in FURNITURE)


@pytest.mark.parametrize(
    "tail",
    [
        "Читайте также\n\nДругая новость",
        "Поделиться:\n\nВКонтакте",
        "Метки: город, мост",
        "Похожие записи\n\nДругая новость\n\n2 дня назад",
        "Подпишитесь на наш канал",
        "Related Posts\n\nOther story",
    ],
)
def test_what_a_page_sets_under_a_story_does_not_enter(tail: str) -> None:
    copy = COPY.partition("Recent")[0] + tail
    assert plain_text(read_copy(copy.encode()).blocks).endswith("Третья строка — тоже абзац.")


def test_lines_wrapped_by_hand_are_one_paragraph() -> None:
    wrapped = "Первая строка абзаца, которую редактор перенёс\nна вторую строку, потому что так привык."
    item = read_copy(f"Заголовок\n\nЛид.\n\n{wrapped}\n\nДва.".encode())
    assert plain_text(item.blocks) == wrapped.replace("\n", " ") + "\nДва."


def test_the_same_copy_is_the_same_story_when_its_body_changes() -> None:
    assert read_copy(COPY.encode()).uid == read_copy(COPY.replace("Второй", "Новый").encode()).uid


@pytest.mark.parametrize(
    ("data", "reason"),
    [(b"", "empty"), (b" \n ", "empty"), (("я" * 400).encode(), "no-headline"), (b"\x98", "encoding")],
)
def test_copy_without_a_story_is_refused(data: bytes, reason: str) -> None:
    with pytest.raises(SourceError) as raised:
        read_copy(data)
    assert raised.value.reason == reason


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "windows-1251"])
def test_copy_of_old_desks_is_read(encoding: str) -> None:
    assert read_copy(COPY.encode(encoding)).dateline == "ДОЛИНСК (Агентство)."


def test_our_json_is_read_by_blocks_html_or_text() -> None:
    stories = [
        {
            "id": "1",
            "headline": "Раз",
            "lead": "Лид",
            "blocks": [{"type": "paragraph", "text": "Слово"}],
            "topics": ["town"],
            "published_at": "2026-05-04T10:30:00",
            "picture": "https://example.org/a.jpg",
            "language": "ru",
            "source": "Агентство",
        },
        {"headline": "Два", "html": "<p>Слово <b>дело</b></p>", "url": "https://example.org/2"},
        {"headline": "Три", "text": "Слово\nдело\n\nЕщё"},
    ]
    first, second, third = read_json(json.dumps(stories).encode())
    assert (first.uid, first.lead, first.categories) == ("1", "Лид", ("town",))
    assert first.published == datetime(2026, 5, 4, 10, 30, tzinfo=UTC)
    assert first.picture == Media(MediaKind.PICTURE, "https://example.org/a.jpg")
    assert (first.language, first.source_name) == ("ru", "Агентство")
    assert second.uid == "https://example.org/2"
    assert plain_text(second.blocks) == "Слово дело"
    assert third.blocks == (Paragraph((Run("Слово дело"),)), Paragraph((Run("Ещё"),)))


@pytest.mark.parametrize(
    ("value", "says"),
    [
        ("{", "not JSON"),
        ("[]", "no story"),
        ("[1]", "story 1: an object"),
        ('[{"headline": "x"}, {"headlin": "y"}]', "story 2: unknown field 'headlin'"),
        ('{"lead": "x"}', "story 1: headline is missing"),
        ('{"headline": 5}', "story 1: headline must be text"),
        ('{"headline": "x", "blocks": [{"type": "marquee"}]}', "story 1: block: unknown type"),
        ('{"headline": "x", "picture": {"kind": "hologram"}}', "story 1"),
        ('{"headline": "x", "published_at": "yesterday"}', "story 1"),
        ('{"headline": "x", "topics": 5}', "story 1"),
        ('{"headline": "x", "url": 5}', "story 1"),
    ],
)
def test_a_mistake_in_json_is_named_with_its_place(value: str, says: str) -> None:
    with pytest.raises(SourceError) as raised:
        read_json(value.encode())
    assert says in str(raised.value)


def test_a_whole_page_gives_its_story_and_nothing_around_it() -> None:
    item = only("https://example.org/2026/bridge?from=rss", PAGE.encode(), "text/html")
    assert (item.headline, item.lead, item.dateline) == (
        "Мост открыт",
        "Коротко о мосте.",
        "ДОЛИНСК (Агентство).",
    )
    assert (item.url, item.uid) == ("https://example.org/bridge", "https://example.org/bridge")
    assert (item.language, item.source_name, item.categories) == ("ru", "Агентство", ("Город",))
    assert item.published == datetime(2026, 5, 4, 10, 30, tzinfo=UTC)
    assert item.picture == Media(MediaKind.PICTURE, "https://example.org/og.jpg")
    text = plain_text(item.blocks)
    assert [line[:12] for line in text.split("\n")] == ["Первый абзац", "Мост утром", "Второй абзац"]
    assert "https://example.org/link" in str(item.blocks)


def test_a_page_without_any_hint_is_weighed() -> None:
    prose = "".join(
        f"<p>Абзац {n}, довольно длинный, с запятыми, чтобы быть похожим на прозу.</p>" for n in range(5)
    )
    menu = "<ul>" + "".join(f'<li><a href="/{n}">Раздел {n}</a></li>' for n in range(30)) + "</ul>"
    page = f"<html><title>Заголовок</title><body><div>{menu}</div><div><div>{prose}</div></div></body></html>"
    item = only("page.html", page.encode())
    assert item.headline == "Заголовок"
    assert plain_text(item.blocks).count("Абзац") == 5
    assert "Раздел" not in plain_text(item.blocks)


def test_a_fragment_is_taken_whole() -> None:
    item = only("story.html", b"<h1>Head</h1><p>One</p><ul><li><a href='https://a.org/'>Two</a></li></ul>")
    assert item.headline == "Head"
    assert plain_text(item.blocks) == "One\nTwo"


def test_a_page_in_an_old_encoding_is_read_as_browsers_do() -> None:
    page = PAGE.replace('charset="utf-8"', 'charset="windows-1251"').encode("cp1251")
    assert only("https://example.org/", page).headline == "Мост открыт"
    assert only("x.html", "<p>Мост открыт</p>".encode("cp1251")).headline == "Мост открыт"


@pytest.mark.parametrize(
    ("name", "body", "content_type", "headline"),
    [
        ("a.txt", "Мост\n\nТекст", "", "Мост"),
        ("a.html", "<h1>Мост</h1><p>Текст</p>", "", "Мост"),
        ("a.json", '{"headline": "Мост"}', "", "Мост"),
        ("a.json", '{"version": "https://jsonfeed.org/version/1", "items": [{"title": "Мост"}]}', "", "Мост"),
        ("a.xml", "<rss version='2.0'><channel><item><title>Мост</title></item></channel></rss>", "", "Мост"),
        ("a.dat", "<?xml version='1.0'?><!-- x --><feed xmlns='http://www.w3.org/2005/Atom'><entry><id>1</id>"
         "<title>Мост</title></entry></feed>", "", "Мост"),
        ("https://example.org/story", "<h1>Мост</h1><p>Текст</p>", "text/html; charset=utf-8", "Мост"),
        ("https://example.org/story", "<p>Мост</p>", "", "Мост"),
        ("https://a.org/f", '{"version":"https:\\/\\/jsonfeed.org\\/version\\/1","items":[{"title":"Мост"}]}',
         "", "Мост"),
        ("noname", "Мост\n\nТекст", "", "Мост"),
    ],
)  # fmt: skip
def test_each_kind_is_told_by_its_name_its_type_or_its_beginning(
    name: str, body: str, content_type: str, headline: str
) -> None:
    assert only(name, body.encode(), content_type).headline == headline


async def test_a_file_that_can_not_be_read_is_named(tmp_path: Path) -> None:
    async with ParserPool() as parsers:
        with pytest.raises(SetupError, match=r"absent\.txt: can't be read"):
            await read_file(tmp_path / "absent.txt", parsers)
        (tmp_path / "bad.json").write_text("{", "utf-8")
        with pytest.raises(SetupError, match=r"bad\.json: it is not JSON"):
            await read_file(tmp_path / "bad.json", parsers)


@given(
    st.binary(max_size=400), st.sampled_from(["a.txt", "a.html", "a.json", "a.xml", "https://example.org/a"])
)
@settings(deadline=None)
def test_any_bytes_are_stories_or_a_reason(body: bytes, name: str) -> None:
    with contextlib.suppress(SourceError):
        assert all(item.headline for item in read_stories(name, body))


def test_a_lead_that_repeats_the_body_goes_and_a_bare_picture_leads() -> None:
    body = (Paragraph((Run("Мост открыт утром, и движение пущено."),)),)
    assert (made := make_item(Item("1", "Мост", "Мост открыт утром, и…", blocks=body))) is not None
    assert (made.lead, made.blocks) == ("", body)
    assert make_item(Item("1", "", "")) is None
