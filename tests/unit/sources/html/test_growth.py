"""Reading takes time in proportion to the length, whatever a stranger repeats."""

from __future__ import annotations

from collections.abc import Callable
from time import process_time

import pytest

from bot.sources.fetch.mojibake import undone
from bot.sources.formats.entry.media_rss import take_media
from bot.sources.formats.json_feed import items
from bot.sources.formats.slips import without_slips
from bot.sources.html.blocks import to_blocks
from bot.sources.html.escapes import said_plainly
from bot.sources.item import Item, SourceError, make_item
from bot.sources.page.story import read_page
from bot.sources.text.builder import TextBuilder
from bot.sources.text.dateline import split_dateline
from bot.sources.text.links import absolute
from bot.sources.text.plain import paragraphs
from bot.sources.text.times import story_time

# Four times the length may take four times the time, and half as much again for noise; by the square it were 16.
SHORT, LONG, MOST = 15_000, 60_000, 7
# Below this many seconds a measurement is noise.
LEAST = 0.02
# The fastest of so many runs tells: a busy machine makes a run slower, never faster.
RUNS = 8

Reading = Callable[[str], object]


def took(reading: Reading, text: str) -> float:
    start = process_time()
    reading(text)
    return process_time() - start


def grows_evenly(reading: Reading, make: Callable[[int], str]) -> None:
    reading(make(1_000))
    short, long = (took(reading, make(length)) for length in (SHORT, LONG))
    for _ in range(RUNS - 1):
        if long <= MOST * max(short, LEAST):
            break
        short, long = min(short, took(reading, make(SHORT))), min(long, took(reading, make(LONG)))
    assert long <= MOST * max(short, LEAST), f"{short:.3f} s, then {long:.3f} s for four times the length"


def repeated(part: str, before: str = "", after: str = "") -> Callable[[int], str]:
    return lambda length: before + part * (length // len(part)) + after


def blocks(html: str) -> object:
    return to_blocks(html, "https://example.org/")


def json_feed(text: str) -> object:
    try:
        return items(text, "")
    except SourceError:
        return None


def page(html: str) -> object:
    try:
        return read_page(html.encode())
    except SourceError:
        return None


@pytest.mark.parametrize(
    "make",
    [
        repeated("text-decoration:", '<p style="', '">x</p>'),
        repeated("background:", '<div class="has-background-image" style="', '">x</div>'),
        repeated("display:", '<p style="', '">x</p>'),
        repeated("a.", "<p>http://", "</p>"),
        repeated("\u00a0", "<p>читать далее", "x</p>"),
        repeated("\u00a0", "<p>x", "[…</p>"),
        repeated(" \u00a0", "<p>related", 'x<a href="https://example.org/">x</a></p>'),
        repeated("blank", '<img src="/', '!">'),
        repeated(f'<img srcset="{"," * 9_000}a">'),
        repeated("<pre ", "[x]"),
        repeated('[aa a="x" b="x" c="x" d="x" e="x" f="x" g="x" h="x" i="x" j="x" k="x" l="x" '),
        repeated("x", "[aa "),
        repeated(" ", "[aa", "x"),
        repeated("<cite></cite>", "<blockquote>", "</blockquote>"),
        repeated("<form>a</form>aaaa", "<p>x</p>"),
        repeated("<span>aaaaaaaaaaaaaaaaaa</span>", "<p>"),
        repeated("<span>aaaaaaaaaaaaaaaaaa</span>", "<pre>", "</pre>"),
        repeated("<hr>"),
        repeated("<p>b</p>", "<ul><li>a</li>"),
        repeated("<figcaption>a</figcaption>bb", "<figure>", "</figure>"),
        repeated("<b><i>"),
        repeated("<b><p>"),
        repeated("<b><i></b></i>"),
        repeated("<p>x", "".join(f"<font size={number}></x>" for number in range(400))),
        repeated("<div><table><tr><td></div>"),
        repeated("<noscript><img></noscript>x"),
        repeated("<script data-telegram-post="),
        repeated(" data-telegram-post", "<script"),
        repeated(" data-telegram-post=a/1", "<script"),
        repeated(" videoid=abcdefghijk", "<lite-youtube"),
        repeated(" src=//a", "<embed"),
        repeated("<object data=//a "),
        repeated("<base href"),
        repeated(" ", "<p>more", "x</p>"),
        repeated("!", "<p>view in telegram", "x</p>"),
        repeated("AA/", "<p>", "</p>"),
        repeated('<a href="#n">1</a><a id="n">x</a>', "<div>", "</div>"),
    ],
)
def test_html_of_any_length_is_read_evenly(make: Callable[[int], str]) -> None:
    grows_evenly(blocks, make)


@pytest.mark.parametrize(
    "make",
    [
        repeated('<div class="share">x</div>yyyy', "<html><body>"),
        repeated("<div><a href=/x>a</a><a href=/x>a</a></div>yyyy", "<html><body>"),
        repeated('<div class="comment">Слово за словом.</div>', "<html><body>"),
        repeated("<article><h1>x</h1>Слово за словом.</article>", "<html><body>"),
        repeated("<h1>y</h1>", "<html><title>" + "x " * 5_000 + "</title>"),
        repeated('<script type="application/ld+json">{"@type":"x"}</script>', "<html><body>"),
        repeated("<noscript><p>x</p></noscript>", "<html><body>"),
        repeated('<div class="share">' * 40 + "<p>Слово за словом.</p>" + "</div>" * 40, "<html><body>"),
    ],
)
def test_a_page_of_any_length_is_read_evenly(make: Callable[[int], str]) -> None:
    grows_evenly(page, make)


@pytest.mark.parametrize(
    ("reading", "make"),
    [
        (said_plainly, repeated("x &lt;p&gt; ")),
        (said_plainly, repeated("&lt;p ")),
        (said_plainly, repeated("&amp;lt; ")),
        (said_plainly, repeated("-", "&lt;!--")),
        (split_dateline, repeated("AA/")),
        (split_dateline, repeated("AA, ")),
        (paragraphs, repeated("\n")),
        (lambda url: absolute(url, ""), repeated("ж", "https://example.org/")),
        (lambda url: absolute(url, ""), repeated("http:/")),
        (lambda url: absolute(url, ""), repeated(" href", "<a ")),
        (without_slips, repeated("><![CDATA[<![CDATA[")),
        (without_slips, repeated("]]&gt; ", ">&lt;![CDATA[")),
        (without_slips, repeated("&#55357;")),
        (undone, repeated("Ð\x9f")),
        (undone, repeated("Р", "СЃСЃСЃСЃ")),
        (undone, repeated("â€", "â€™")),
        (json_feed, repeated('"\\', "{")),
        (json_feed, repeated(", ", "{")),
        (json_feed, repeated('"', "{")),
        (story_time, repeated("1")),
        (lambda text: make_item(Item("1", text, blocks=to_blocks(f"<p>{text}"))), repeated("Слово. ")),
        (lambda text: make_item(Item("1", "", text)), repeated("Слово. ")),
    ],
)
def test_words_of_any_length_are_read_evenly(reading: Reading, make: Callable[[int], str]) -> None:
    grows_evenly(reading, make)


def test_a_text_in_many_pieces_is_gathered_evenly() -> None:
    def gather(text: str) -> object:
        builder = TextBuilder()
        for _ in range(len(text)):
            builder.add("слово за словом ")
            builder.at_break()
        return builder.take()

    grows_evenly(gather, repeated("x"))


def test_the_media_of_an_entry_are_read_evenly() -> None:
    def feed(length: int) -> str:
        media = "".join(
            f'<m:content url="/{at}.jpg" medium="image"><m:title>{at}</m:title></m:content>x'
            for at in range(length // 70)
        )
        return f'<rss xmlns:m="http://search.yahoo.com/mrss/"><channel><item>{media}</item></channel></rss>'

    grows_evenly(lambda document: take_media(document, "https://example.org/"), feed)
