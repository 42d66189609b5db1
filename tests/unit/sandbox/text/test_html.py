"""The HTML parse mode: our own parser against the texts of the reference and against TDLib's."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.sandbox.calls.answers import Refusal
from bot.sandbox.text import html, markup

REFUSED = [
    ("<b>x", 'Can\'t find end tag corresponding to start tag "b"'),
    ("<b>x</i>", 'Unmatched end tag at byte offset 4, expected "</b>", found "</i>"'),
    ("x</b>", "Unexpected end tag at byte offset 1"),
    ("<p>x</p>", 'Unsupported start tag "p" at byte offset 0'),
    ("x<br>", 'Unsupported start tag "br" at byte offset 1'),
    ("<b/>", 'Unsupported start tag "b/" at byte offset 0'),
    ("<!-- x -->", 'Unsupported start tag "!--" at byte offset 0'),
    ("a < b", 'Unsupported start tag "" at byte offset 2'),
    ("ы <b", "Unclosed start tag at byte offset 3"),
    ('<a href="x', "Unclosed start tag at byte offset 0"),
    ("<b x", 'Unclosed start tag "b" at byte offset 0'),
    ("<u>x</u ", "Unclosed end tag at byte offset 4"),
    ("<a href=https://e.com>x</a>", "Unexpected end of name token at byte offset 8"),
    ("<span>x</span>", 'Tag "span" must have class "tg-spoiler" at byte offset 0'),
    ('<tg-emoji emoji-id="x">x</tg-emoji>', "Invalid custom emoji identifier specified"),
    ("<b =1>x</b>", 'Empty attribute name in the tag "b" at byte offset 0'),
    (
        "&#xD800;",
        "Text contains invalid Unicode characters after decoding HTML entities, "
        "check for unmatched surrogate code units",
    ),
    ('<tg-time unix="5" format="q">x</tg-time>', "Invalid date format used"),
]
ACCEPTED = [
    "a & b &nbsp; &lt &amp;lt; &#65;&#x42 &#0; &#1114112; &quot;",
    "<b>жирный 👍</b> <i>и</i> <u>так</u> <s>далее</s> <tg-spoiler>!</tg-spoiler>",
    "<a>https://e.com</a> <a href='e.com'>x</a> <a href=\"http://localhost/\">y</a>",
    "<a href='tg://user?id=5'>x</a><a href='tg://resolve?domain=x'>x</a><a href='ton://a'>q</a>",
    "<a href='mailto:a@b.com'>x</a><a href='javascript:x'>y</a><a href='/rel'>z</a>",
    "<a href='http://user:p@E.com:080/ы?q=1#f'>x</a><a href='http://[::1]/'>x</a>",
    "<a href='http://e.com/ b'>x</a>",
    "<pre><code class='language-py'>x</code></pre><code class='language-py'><pre>x</pre></code>",
    "<pre><code>x</code></pre><code>a<b>x</b></code>",
    "<blockquote>a<blockquote expandable>b</blockquote></blockquote>",
    "<blockquote expandable='no'>x</blockquote>",
    "<tg-time unix='5' format='wDt'>x</tg-time><tg-time unix=7 format=r>x</tg-time>",
    "<tg-time unix='a'>x</tg-time><tg-time>y</tg-time>",
    "<tg-emoji emoji-id='5368324170671202286'>👍</tg-emoji><span class=tg-spoiler>x</span>",
    "<B>x</b ><i></i><strong>x</STRONG><em>y</><ins>1</ins><del>2</del><strike>3</strike>",
    "<b a b=1 c='2' d=\"&quot;>\">x</b>",
    "",
]


def tdlib(text: str) -> Any:
    if markup.tdlib() is None:
        pytest.skip("tdjson is not installed: TDLib's parser is not there to compare with")
    return outcome(markup.parse_html, text)


def outcome(parse: Any, text: str) -> Any:
    try:
        return parse(text)
    except html.MarkupError as error:
        return str(error)


@pytest.mark.parametrize(("text", "error"), REFUSED)
def test_wrong_markup_is_refused_in_telegrams_words(text: str, error: str) -> None:
    assert outcome(html.parse_html, text) == error


@pytest.mark.parametrize("text", [*(text for text, _ in REFUSED), *ACCEPTED])
def test_both_parsers_agree_on_the_table(text: str) -> None:
    assert outcome(html.parse_html, text) == tdlib(text)


TAGS = [*(tag.decode() for tag in html.TAGS), "p", "", "B"]
ATTRIBUTES = [
    "",
    " href='https://e.com/?a=1&amp;b=2'",
    ' href="tg://user?id=7"',
    " href=e.com",
    " class='tg-spoiler'",
    " class=language-x",
    " class=other",
    " expandable",
    " emoji-id=12",
    " unix=1700000000",
    " unix='-5'",
    " format=D",
    " format='r'",
    " =",
    " x = ",
    "/",
]
pieces = st.one_of(
    st.builds("<{}{}>".format, st.sampled_from(TAGS), st.sampled_from(ATTRIBUTES)),
    st.builds(
        "<{}{}{}>".format, st.sampled_from(TAGS), st.sampled_from(ATTRIBUTES), st.sampled_from(ATTRIBUTES)
    ),
    st.builds("</{}>".format, st.sampled_from(TAGS)),
    st.sampled_from(
        ["<", ">", "&", "&lt;", "&amp", "&#x41;", "&#1088", "&nbsp;", "'", '"', "</", "</b ", " \n", "👍"]
    ),
    st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=6),
)
tagged = st.recursive(
    pieces,
    lambda inner: st.builds(
        lambda tag, attribute, body: f"<{tag}{attribute}>{''.join(body)}</{tag}>",
        st.sampled_from(TAGS),
        st.sampled_from(ATTRIBUTES),
        st.lists(inner, max_size=3),
    ),
    max_leaves=8,
)


@settings(max_examples=600, deadline=None)
@given(st.lists(tagged, max_size=4).map("".join))
def test_both_parsers_agree_on_whatever_comes(text: str) -> None:
    assert outcome(html.parse_html, text) == tdlib(text)


hosts = st.text(st.sampled_from("aZ0.-_%4:@[]/?#&;=~ ы\\!*"), max_size=14)


@settings(max_examples=600, deadline=None)
@given(
    st.sampled_from(["", "http://", "HTTPS://", "ftp://", "tg://", "tg:", "ton://", "tonsite://", "//"]),
    hosts,
)
def test_both_parsers_keep_the_same_links(scheme: str, rest: str) -> None:
    text = f'<a href="{scheme}{rest}">x</a>'
    assert outcome(html.parse_html, text) == tdlib(text)


def test_without_tdlib_html_works_and_markdown_says_what_it_needs(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(markup, "tdlib", lambda: None)
    assert markup.parse_html("<b>x</b>") == ("x", [{"offset": 0, "length": 1, "type": "bold"}])
    with pytest.raises(Refusal, match="only where the package tdjson is installed"):
        markup.parse_markdown("*x*", 2)


def test_tdlib_parses_markdown_where_it_is_installed() -> None:
    if markup.tdlib() is None:
        pytest.skip("tdjson is not installed")
    assert markup.parse_markdown("*x*", 2) == ("x", [{"offset": 0, "length": 1, "type": "bold"}])
    with pytest.raises(html.MarkupError, match=r"Character '\.' is reserved"):
        markup.parse_markdown("x.", 2)
