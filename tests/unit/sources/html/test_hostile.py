"""Whatever comes in as HTML: nothing is raised, words are conserved, and time is bounded by length."""

from __future__ import annotations

import re
from html import escape

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.model.story.content import plain_text
from bot.sources.html.blocks import to_blocks, to_text

BASE = "https://example.org/"
TAGS = (
    *("p", "div", "b", "i", "a", "span", "ul", "ol", "li", "blockquote", "cite", "figure", "figcaption"),
    *("table", "tr", "td", "th", "h1", "h4", "pre", "code", "details", "summary", "br", "hr", "img", "q"),
    *("sup", "noscript", "form", "aside", "section", "dl", "dt", "dd", "time", "video", "iframe", "caption"),
)
WORDS = st.text("абвгдежзabcdefg", min_size=1, max_size=8)
SAFE = ("p", "div", "b", "i", "u", "span", "ul", "li", "blockquote", "section", "h2", "details", "mark")

soup = st.lists(
    st.one_of(
        st.sampled_from(TAGS).map(lambda tag: f"<{tag}>"),
        st.sampled_from(TAGS).map(lambda tag: f"</{tag}>"),
        st.sampled_from(TAGS).map(
            lambda tag: f'<{tag} class="wp-caption gallery" href="#a" id="a" src="b.jpg">'
        ),
        st.text(max_size=20),
        st.sampled_from(
            ["&", "&amp;", "&#0;", "&#xD800;", "<", "<!--", "-->", "]]>", "[caption]", "[/caption]", "\0"]
        ),
    ),
    max_size=40,
).map("".join)

trees = st.recursive(
    WORDS.map(lambda word: f"{word} "),
    lambda inner: st.builds(
        lambda tag, parts: f"<{tag}>{''.join(parts)}</{tag}>",
        st.sampled_from(SAFE),
        st.lists(inner, max_size=4),
    ),
    max_leaves=20,
)


@given(soup)
@settings(max_examples=300, deadline=None)
def test_any_soup_of_tags_is_read(html: str) -> None:
    assert "\0" not in plain_text(to_blocks(html, BASE))
    assert "\n" not in to_text(html)


@given(trees)
@settings(max_examples=300, deadline=None)
def test_every_word_is_kept_once_and_in_order(html: str) -> None:
    said = re.sub(r"<[^>]+>", " ", html).split()
    # A summary is no part of these: its words would come first, wherever it stands.
    assert plain_text(to_blocks(f"<div>{html}</div>", BASE)).split() == said


@given(st.text(max_size=200))
@settings(deadline=None)
def test_text_that_is_escaped_comes_back(text: str) -> None:
    shown = re.sub(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ufffe\uffff\ud800-\udfff]", "", text)
    shown = re.sub("[\u00ad\u200b\u2060\ufeff]", "", shown)
    got = plain_text(to_blocks(f"<p>x{escape(shown)}x</p>", BASE))
    assert re.sub(r"\s", "", got) == re.sub(r"\s", "", f"x{shown}x")


@pytest.mark.parametrize(
    "part",
    [
        *(
            "<",
            "&",
            "&amp;",
            "<b>",
            "<div>",
            "<i><b></i>",
            "<table><tr><td>",
            "<blockquote>",
            "<p>x",
            "x<br>",
            "\0",
        ),
        *(
            "<!--",
            "<span><div>",
            '[a b="c"',
            "[a b=c ",
            '[x y="',
            '<a href="#a">1</a>',
            "<figure><figcaption>x",
        ),
        *("<noscript>", "<script>", " ", "\n", "—", "читать далее ", "<details><summary>", "ж"),
    ],
)
def test_a_megabyte_of_anything_is_read(part: str) -> None:
    to_blocks(part * (1_000_000 // len(part)), BASE)


def test_what_nests_without_end_keeps_its_words() -> None:
    assert plain_text(to_blocks("<div>" * 100_000 + "слово", BASE)) == "слово"
    assert plain_text(to_blocks("<p>" + "<b>" * 300 + "слово", BASE)) == "слово"


def test_a_set_of_addresses_that_is_only_spaces_is_none() -> None:
    assert to_blocks(f'<img srcset="{" " * 500_000}">', BASE) == ()


def test_marks_of_direction_and_joined_emoji_are_letters() -> None:
    assert plain_text(to_blocks("<p>\u200fשלום 👩‍👩‍👧 е\u0301</p>", BASE)) == "\u200fשלום 👩‍👩‍👧 е\u0301"
