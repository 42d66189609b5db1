"""The address of an entry's own page, among all the addresses that an entry has."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any
from urllib.parse import parse_qs, urlsplit

from bot.sources.text.links import absolute

_PAGES = ("", "text/html", "application/xhtml+xml")
_MOST = 50
_IDENTITIES_ARE_PAGES = ("rss10", "rss090")


def entry_link(entry: Any, version: str, base: str) -> str | None:
    """Return the address of an entry's page as written; None without one.

    Of several the page's original goes first, then the first alternate that is a page. `version` is feedparser's
    name of the format. Replies, enclosures and what a link holds as text are none.
    """
    return next(iter(_unwrapped(url, base) for url in _offered(entry, version) if url.strip()), None)


def _offered(entry: Any, version: str) -> Iterator[str]:
    yield str(entry.get("feedburner_origlink") or "")
    links = [each for each in entry.get("links", ())[:_MOST] if each.get("rel", "alternate") == "alternate"]
    pages = [each for each in links if str(each.get("type") or "").partition(";")[0] in _PAGES]
    others = [each for each in links if each not in pages]
    yield from (
        url for each in (*pages, *others) if absolute(url := str(each.get("href") or ""), "http://a/")
    )
    yield str(entry.get("link") or "")
    if version in _IDENTITIES_ARE_PAGES and str(entry.get("id", "")).startswith(("http://", "https://")):
        yield entry["id"]


def _unwrapped(url: str, base: str) -> str:
    """Return the address that a search engine's alert leads to, any other as it is."""
    parts = urlsplit(absolute(url, base) or "")
    if (parts.hostname or "").startswith("www.google.") and parts.path == "/url":
        said = parse_qs(parts.query)
        return next(
            (each for name in ("url", "q") for each in said.get(name, ()) if each.startswith("http")), url
        )
    return url
