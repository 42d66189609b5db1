"""Addresses are spelled as browsers spell them, and what is none is left out."""

from __future__ import annotations

import pytest

from bot.sources.text.links import absolute

BASE = "https://example.org/news/1"


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("a b.jpg", "https://example.org/news/a%20b.jpg"),
        ("//cdn.example.org/a b.jpg", "https://cdn.example.org/a%20b.jpg"),
        ('/a"b".jpg', "https://example.org/a%22b%22.jpg"),
        ("/мост?q=да", "https://example.org/%D0%BC%D0%BE%D1%81%D1%82?q=%D0%B4%D0%B0"),
        ("https://пример.рф:8080/x", "https://xn--e1afmkfd.xn--p1ai:8080/x"),
        ("/x?a=1&amp;b=2", "https://example.org/x?a=1&b=2"),
        ("/a|b<c>", "https://example.org/a%7Cb%3Cc%3E"),
        ("/a\n/b", "https://example.org/a/b"),
        ("/a\\b", "https://example.org/a/b"),
    ],
)
def test_what_no_address_may_hold_is_encoded(written: str, meant: str) -> None:
    assert absolute(written, BASE) == meant


@pytest.mark.parametrize(
    "address", ["https://example.org/%D0%BC?a=b+c&d=%2F#e", "https://example.org/100%.jpg", "http://[::1]/a"]
)
def test_an_address_that_is_right_stays_as_it_is(address: str) -> None:
    assert absolute(address, BASE) == address


@pytest.mark.parametrize(
    "written", ["", " ", None, "javascript:x", "data:,x", "https://a b/c", "https://[x", "x" * 9_000]
)
def test_what_is_no_address_is_none(written: str | None) -> None:
    assert absolute(written, BASE) is None


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("www.example.org/a", "https://www.example.org/a"),
        ("http://https://example.org/a", "https://example.org/a"),
        ("http:/example.org/a", "http://example.org/a"),
        ("https:\\\\example.org\\a", "https://example.org/a"),
        ('<a href="https://example.org/a">дальше</a>', "https://example.org/a"),
    ],
)
def test_slips_in_an_address_are_mended(written: str, meant: str) -> None:
    assert absolute(written, BASE) == meant
