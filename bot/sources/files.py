"""Stories from bytes of any kind that we read: agency copy, web pages, feeds, our JSON."""

from __future__ import annotations

import re
from collections.abc import Iterable
from pathlib import PurePath
from urllib.parse import urlsplit

from bot.sources.agency_copy import read_copy
from bot.sources.article_json import read_json
from bot.sources.feed import parse_feed
from bot.sources.item import Item, make_item
from bot.sources.page import read_page

_BLANK = b"\xef\xbb\xbf \t\r\n"
_NOT_ELEMENTS = re.compile(rb"<!--.*?-->|<\?.*?\?>|<![^>]*>", re.DOTALL)
_FEED = re.compile(rb"\s*<(?:\w+:)?(?:rss|feed|rdf)\b", re.IGNORECASE)
_PAGE = re.compile(
    rb"\s*<(?:html|head|meta|link|title|script|body|article|main|section|div|p|h[1-6]|ul|ol|figure|img|"
    rb"blockquote)\b",
    re.IGNORECASE,
)
_JSON_FEED = re.compile(rb'"version"\s*:\s*"https?:(?:\\?/){2}jsonfeed\.org')


def read_stories(name: str, body: bytes, content_type: str = "") -> list[Item]:
    """Return the stories of a file or an answer; `name` is its path or its URL, the base of its links.

    What it is, its name's ending says, else its `Content-Type`, else its first bytes. Raises SourceError
    for what can't be read. It takes as long as the body is big: call it off the event loop.
    """
    url = name if urlsplit(name).scheme in ("http", "https") else ""
    match _kind(name, body, content_type):
        case "feed":
            return parse_feed(body, content_type, url)
        case "page":
            return _made([read_page(body, content_type, url)])
        case "json":
            return _made(read_json(body))
        case _:
            return _made([read_copy(body)])


def _made(items: Iterable[Item]) -> list[Item]:
    return [item for raw in items if (item := make_item(raw)) is not None]


def _kind(name: str, body: bytes, content_type: str) -> str:
    start = body.lstrip(_BLANK)[:4096]
    if start[:1] in (b"{", b"["):
        return "feed" if _JSON_FEED.search(body[:20_000]) else "json"
    elements = _NOT_ELEMENTS.sub(b"", start)
    if _FEED.match(elements):
        return "feed"
    path = urlsplit(name).path if "://" in name else name
    ending = PurePath(path).suffix.lower()
    said = _ENDINGS.get(ending) or _TYPES.get(content_type.partition(";")[0].strip().lower())
    return said or ("page" if _PAGE.match(elements) else "copy")


_ENDINGS = {
    ".txt": "copy",
    ".html": "page",
    ".htm": "page",
    ".xhtml": "page",
    ".json": "json",
    ".xml": "feed",
    ".rss": "feed",
    ".atom": "feed",
    ".rdf": "feed",
}
_TYPES = {
    "text/plain": "copy",
    "text/html": "page",
    "application/xhtml+xml": "page",
    "application/json": "json",
    "application/feed+json": "feed",
    "application/rss+xml": "feed",
    "application/atom+xml": "feed",
    "application/rdf+xml": "feed",
    "application/xml": "feed",
    "text/xml": "feed",
}
