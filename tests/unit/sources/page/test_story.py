"""The story of a page is found, whatever the page calls its parts and however much its readers say."""

from __future__ import annotations

import json

import pytest

from bot.model.story.content import figures, plain_text
from bot.sources.formats.files import read_stories
from bot.sources.page.story import read_page

SAID = [
    f"Абзац {at}: паром снова ходит, говорит начальник порта, и билеты стоят, как раньше." for at in range(3)
]
STORY = "".join(f"<p>{text}</p>" for text in SAID)
TALK = "".join(
    f'<li class="comment"><p>Читатель {at} думает, что паром должен ходить всю зиму, и говорит о том долго.</p></li>'
    for at in range(12)
)
COMMENTS = f'<ol class="commentlist">{TALK}</ol>'


def body(inside: str, head: str = "") -> list[str]:
    page = f"<html><head><title>Паром ходит</title>{head}</head><body>{inside}</body></html>"
    (item,) = read_stories("page.html", page.encode())
    assert item.headline == "Паром ходит"
    return plain_text(item.blocks).split("\n")


@pytest.mark.parametrize(
    "name",
    [
        *(
            "paywall",
            "article-paywall",
            "share",
            "no-share post hentry",
            "entry share",
            "social",
            "subscribe-content",
        ),
        *("banner-story", "post has-comments", "post comments-open", "no-sidebar", "premium paywall"),
    ],
)
@pytest.mark.parametrize(
    "page",
    [
        '<h1>Паром ходит</h1><div class="{}">{}</div>',
        '<div class="{}"><h1>Паром ходит</h1><div>{}</div></div>',
    ],
)
def test_a_name_of_a_button_takes_no_story_away(page: str, name: str) -> None:
    assert body(page.format(name, STORY) + COMMENTS) == SAID


@pytest.mark.parametrize(
    "holder",
    [
        '<div id="comments">{}</div>',
        '<section class="Comments__list">{}</section>',
        '<ul class="replies">{}</ul>',
    ],
)
def test_what_readers_say_stays_out_however_long(holder: str) -> None:
    comments = holder.format(TALK.replace('class="comment"', ""))
    assert body(f'<article><h1>Паром ходит</h1><div class="text">{STORY}</div>{comments}</article>') == SAID


def test_a_bar_of_buttons_stays_out() -> None:
    bar = '<div class="share"><p>Расскажите об этом всем своим друзьям и знакомым во всех сетях сразу!</p></div>'
    assert body(f"<h1>Паром ходит</h1><div>{STORY}{bar}</div>") == SAID


@pytest.mark.parametrize(
    "before", ["", "<noscript><p>Включите JavaScript в настройках своего браузера.</p></noscript>"]
)
def test_a_story_that_is_there_only_without_scripts_is_read(before: str) -> None:
    assert (
        body(
            f'{before}<h1>Паром ходит</h1><div itemprop="articleBody"><noscript><div>{STORY}</div></noscript></div>'
        )
        == SAID
    )


@pytest.mark.parametrize("told", ["\n".join(SAID), STORY, STORY.replace("<", "&lt;").replace(">", "&gt;")])
@pytest.mark.parametrize(
    "form", ["{}", "//<![CDATA[\n[{}]\n//]]>", '{{"@graph": [{{"@type": "WebPage"}}, {}]}}']
)
def test_a_story_that_only_machines_are_told_is_read(told: str, form: str) -> None:
    data = json.dumps({"@type": "NewsArticle", "headline": "Паром ходит", "articleBody": told}).replace(
        "\\n", "\n"
    )
    script = f'<script type="application/ld+json">{form.format(data)}</script>'
    assert body("<h1>Паром ходит</h1><div>Подождите, страница открывается.</div>", script) == SAID


def test_what_a_page_shows_goes_before_what_it_tells_machines() -> None:
    data = json.dumps({"@type": "NewsArticle", "articleBody": "Совсем другой текст. " * 10})
    assert (
        body(f"<h1>Паром ходит</h1><div>{STORY}</div>", f'<script type="application/ld+json">{data}</script>')
        == SAID
    )


@pytest.mark.parametrize(
    "time",
    [
        '<time datetime="2026-05-04T13:30:00+03:00">4 мая</time>',
        '<time datetime="2026-05-01">1 мая</time><time class="published" datetime="2026-05-04T10:30:00Z"></time>',
        '<span itemprop="datePublished" content="2026-05-04T13:30:00+03:00">4 мая</span>',
    ],
)
def test_the_time_that_a_page_shows_is_its_storys(time: str) -> None:
    body = f"<article><h1>Мост открыт</h1>{time}<p>Первый абзац о мосте.</p></article>"
    item = read_page(f"<html><body>{body}</body></html>".encode())
    assert str(item.published) == "2026-05-04 10:30:00+00:00"


def test_a_page_of_another_format_keeps_its_picture_and_its_headline_without_the_site() -> None:
    head = '<title>Мост открыт — Вести</title><meta property="og:site_name" content="Вести">'
    body = '<article><p>Первый абзац о мосте.</p><amp-img src="/a.jpg" width="600"></amp-img></article>'
    item = read_page(
        f"<html amp><head>{head}</head><body>{body}</body></html>".encode(), "", "https://example.org/1"
    )
    assert item.headline == "Мост открыт"
    assert [each.media.url for each in figures(item.blocks)] == ["https://example.org/a.jpg"]
