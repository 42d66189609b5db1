"""Reads bytes of any format that we know: agency copy, .docx documents, web pages, feeds, our JSON."""

from __future__ import annotations

import codecs
import re
from collections.abc import Iterable
from pathlib import PurePath
from urllib.parse import urlsplit

from bot.sources.fetch.encodings import unpacked
from bot.sources.formats.agency_copy import read_copy
from bot.sources.formats.article_json import read_json
from bot.sources.formats.docx import MAGIC, read_docx
from bot.sources.formats.feed import parse_feed
from bot.sources.identity.shared import told_apart
from bot.sources.item import Item, Told, make_item
from bot.sources.page.story import read_page

_BLANK = b"\xef\xbb\xbf \t\r\n"
_NOT_ELEMENTS = re.compile(rb"<!--.*?-->|<\?.*?\?>|<![^>]*>", re.DOTALL)
_FEED = re.compile(rb"\s*<(?:\w+:)?(?:rss|feed|rdf|urlset)\b", re.IGNORECASE)
_PAGE = re.compile(
    rb"\s*<(?:html|head|meta|link|title|script|body|article|main|section|div|p|h[1-6]|ul|ol|figure|img|"
    rb"blockquote)\b",
    re.IGNORECASE,
)
_POSTS = re.compile(rb'"rendered"\s{0,9}:')
_BETWEEN = re.compile(rb"(?:(?<=\n\n)|(?<=\n\r\n))={5,}[ \t]*\r?$|^NNNN[ \t]*\r?$", re.MULTILINE)
_HEADING_MARKS = re.compile(rb"^#{1,6}[ \t]+", re.MULTILINE)
"""Markdown's headings: the signs of its other marks stay as they were typed."""
_JSON_FEED = re.compile(rb'"version"\s*:\s*"https?:(?:\\?/){2}jsonfeed\.org')


def read_stories(name: str, body: bytes, content_type: str = "") -> list[Item]:
    """Return the stories of a file or a fetched answer; `name` is the path, or the URL that links start from.

    The format follows from the name's ending, else `Content-Type`, else the first bytes. Raises SourceError
    where the bytes can't be read. Takes time in proportion to their size: call it off the event loop.
    """
    url = name if urlsplit(name).scheme in ("http", "https") else ""
    body = unpacked(body)
    match _kind(name, body, content_type):
        case "document":
            return _made(read_docx(body).items)
        case "feed":
            return parse_feed(body, content_type, url)
        case "page":
            return _made([read_page(body, content_type, url)])
        case "json":
            return _made(read_json(body))
        case _:
            return _made(map(read_copy, _stories(name, body)))


def read_document(name: str, body: bytes) -> Told:
    """Return the stories of a file that a person hands over, as `read_stories` does; `lost` are its pictures."""
    if body.startswith(MAGIC) or name.lower().endswith(".docx"):
        told = read_docx(body)
        return Told(_made(told.items), told.lost)
    return Told(read_stories(name, body))


def _stories(name: str, body: bytes) -> list[bytes]:
    """Return the stories of agency copy, which a line of equals signs or NNNN (the end of a wire message) parts."""
    if name.lower().endswith(".md"):
        body = _HEADING_MARKS.sub(b"", body)
    parts = [each for each in _BETWEEN.split(body) if each.strip()]
    return parts or [body]


def _made(items: Iterable[Item]) -> list[Item]:
    return told_apart(item for raw in items if (item := make_item(raw)) is not None)


def _kind(name: str, body: bytes, content_type: str) -> str:
    if body.startswith(MAGIC):
        return "document"
    start = _start(body)
    if start[:1] in (b"{", b"["):
        known = _JSON_FEED.search(body[:20_000]) or _POSTS.search(body[:20_000])
        return "feed" if known else "json"
    elements = _NOT_ELEMENTS.sub(b"", start)
    if _FEED.match(elements):
        return "feed"
    path = urlsplit(name).path if "://" in name else name
    ending = PurePath(path).suffix.lower()
    said = _ENDINGS.get(ending) or _TYPES.get(content_type.partition(";")[0].strip().lower())
    return said or ("page" if _PAGE.match(elements) else "copy")


def _start(body: bytes) -> bytes:
    """Return the first bytes that are no mark and no space, of UTF-16 as UTF-8."""
    for mark, name in (
        (codecs.BOM_UTF16_LE, "utf-16"),
        (codecs.BOM_UTF16_BE, "utf-16"),
        (b"<\0", "utf-16-le"),
    ):
        if body.startswith(mark):
            body = body[:16_384].decode(name, "ignore").encode("utf-8", "ignore")
    return body.lstrip(_BLANK)[:4096]


_ENDINGS = {
    ".txt": "copy",
    ".md": "copy",
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
