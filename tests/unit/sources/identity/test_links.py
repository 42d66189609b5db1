"""One story has one address, whatever counts clicks in it; two stories have two."""

from __future__ import annotations

import pytest

from bot.sources.identity.links import canonical, path_of

STORY = "news.example/2026/bridge"


@pytest.mark.parametrize(
    "url",
    [
        "http://news.example/2026/bridge",
        "https://www.news.example/2026/bridge/",
        "HTTPS://News.Example:443/2026/bridge#comments",
        "https://m.news.example/2026/bridge?utm_source=rss&utm_medium=feed",
        "https://news.example//2026/bridge?yclid=5&fbclid=x&_openstat=a;b",
        "https://news.example/2026/bridge?from=rss&ref=telegram",
        "https://news.example/2026/bridge/amp",
        "https://news.example/2026/bridge/index.html",
        "https://news.example/2026/bridge?utm_source=rss&amp;utm_campaign=x",
    ],
)
def test_a_story_has_one_address(url: str) -> None:
    assert canonical(url) == STORY


@pytest.mark.parametrize(
    "query", ["id=5", "uid=5", "source=12", "p=5&page=2", "ref=42", "eid=9", "article=a&from=2026-05-01"]
)
def test_what_may_name_a_story_stays(query: str) -> None:
    assert canonical(f"https://news.example/read.php?{query}") == f"news.example/read.php?{query}"


def test_parameters_have_one_order_and_letters_one_spelling() -> None:
    assert canonical("https://a.example/м?b=2&a=1") == canonical("http://a.example/%D0%BC?a=1&b=2")


@pytest.mark.parametrize(
    "url", [None, "", "https://news.example", "https://news.example/", "tag:x,2026:1", "https://[", "/a/b"]
)
def test_what_names_no_story_is_no_address(url: str | None) -> None:
    assert canonical(url) == ""


def test_a_query_without_end_is_no_address() -> None:
    assert canonical("https://a.example/x?" + "a&" * 900) == ""


def test_a_telling_path_outlives_its_domain_and_a_short_one_does_not() -> None:
    assert path_of("news.example/2026/05/bridge") == "2026/05/bridge"
    assert path_of("news.example/1") == path_of("news.example") == ""
