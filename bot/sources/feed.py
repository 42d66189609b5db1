"""Feeds of every kind to items: RSS 0.9x to 2.0, RDF, Atom, JSON Feed.

Everything here is done off the event loop: it takes as long as the feed is big.
"""

from __future__ import annotations

import io
import re
from calendar import timegm
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from time import struct_time
from typing import Any

import feedparser
import lxml.etree

from bot.model.content import Blocks, Figure, Paragraph, plain
from bot.sources import json_feed
from bot.sources.encodings import decode_xml
from bot.sources.feed_media import with_media
from bot.sources.item import Item, SourceError, digest, make_item
from bot.sources.markup import to_blocks, to_text
from bot.sources.markup_media import absolute
from bot.sources.media_rss import EntryMedia, take_media
from bot.sources.runs import clean, one_line

MOST_ITEMS = 500
_MOST_LISTED = 10_000
_ITEM = re.compile(r"<(?:\w+:)?(?:item|entry)[\s>]", re.IGNORECASE)
# feedparser mends by patterns that take time by the square of the length.
_MOST_MENDED = 500_000
DEEPEST = 100
_TAG = re.compile(r"<(/?)([A-Za-z_][^\s<>/]*)(?:[^<>\"']|\"[^\"<]*\"|'[^'<]*')*?(/?)>")
_LONGEST_LEAD = 600


def parse_feed(body: bytes, content_type: str = "", url: str = "") -> list[Item]:
    """Return a feed's items, in its order, each identity once.

    Raises SourceError for what is no feed, and for XML that is made to do harm.
    """
    if body.lstrip(b"\xef\xbb\xbf \t\r\n")[:1] in (b"{", b"["):
        found = json_feed.items(body, url)
    else:
        found = _xml_items(decode_xml(body, content_type), url)
    items: dict[str, Item] = {}
    for raw in found:
        item = make_item(raw)
        if item is not None:
            items.setdefault(item.uid, item)
        if len(items) == MOST_ITEMS:
            break
    return list(items.values())


def _xml_items(text: str, url: str) -> Iterator[Item]:
    document = harmless(text)
    if len(_ITEM.findall(document)) > _MOST_LISTED:
        raise SourceError("too-many", f"it lists more than {_MOST_LISTED:,} items")
    if len(document) > _MOST_MENDED and not _well_formed(document):
        raise SourceError("malformed", "it is not well-formed, and too long to be mended")
    document, media = take_media(document, url)
    # Without an address of its own feedparser leaves identities as they are written: they outlive a move.
    headers = {"content-type": "application/xml; charset=utf-8"}
    parsed = feedparser.parse(
        io.BytesIO(document.encode()),
        response_headers=headers,
        sanitize_html=False,
        resolve_relative_uris=False,
    )
    if not parsed.get("version") and not parsed.entries:
        raise SourceError("not-a-feed", "it is neither RSS nor Atom nor JSON Feed")
    site = absolute(parsed.feed.get("link"), url) or url
    entries = parsed.entries[:MOST_ITEMS]
    shown = media if len(media) == len(parsed.entries) else [EntryMedia()] * len(entries)
    return (_item(entry, each, url, site) for entry, each in zip(entries, shown, strict=False))


def _well_formed(document: str) -> bool:
    parser = lxml.etree.XMLParser(resolve_entities=False, no_network=True, huge_tree=True)
    try:
        lxml.etree.fromstring(document.encode(), parser)
    except (lxml.etree.XMLSyntaxError, ValueError):
        return False
    return True


def harmless(text: str) -> str:
    """Return an XML document without its declaration and document type.

    Raises SourceError where it declares entities (by which a few bytes grow to gigabytes, or files and
    addresses are read) or nests deeper than any feed.
    """
    text = clean(text).lstrip("\ufeff \t\r\n")
    kept = []
    while text.startswith(("<?", "<!")):
        if text.startswith("<?"):
            _, found, text = text.partition("?>")
        elif text.startswith("<!--"):
            _, found, text = text.partition("-->")
        else:
            found, text = _past_doctype(text)
        if not found:
            raise SourceError("not-a-feed", "it breaks off before it begins")
        text = text.lstrip()
    kept.append(text)
    if _depth(text) > DEEPEST:
        raise SourceError("too-deep", f"its elements nest deeper than {DEEPEST}")
    return "".join(kept)


def _past_doctype(text: str) -> tuple[str, str]:
    ends = text.find(">")
    opens = text.find("[", 0, ends if ends >= 0 else None)
    if opens >= 0:
        closes = re.compile(r"\]\s*>").search(text, opens)
        ends = closes.end() - 1 if closes else -1
    if re.search(r"<!ENTITY", text[: ends + 1] if ends >= 0 else text, re.IGNORECASE):
        raise SourceError("entities", "it declares entities of its own")
    return (">", text[ends + 1 :]) if ends >= 0 else ("", "")


def _depth(text: str) -> int:
    depth = deepest = 0
    for part in text.split("<![CDATA["):
        _, closed, after = part.partition("]]>")
        for closing, _, empty in _TAG.findall(after if closed else part):
            if not empty:
                depth += -1 if closing else 1
                deepest = max(deepest, depth)
    return deepest


def _item(entry: Any, media: EntryMedia, url: str, site: str) -> Item:
    link = absolute(entry.get("link"), url)
    title = entry.get("title_detail") or {}
    headline = (
        title.get("value", "") if title.get("type") == "text/plain" else to_text(title.get("value", ""))
    )
    lead, blocks = _story(entry, _Base(link or site, url))
    if not lead and not blocks:
        blocks = json_feed.paragraphs(media.words)
    picture, blocks = with_media(entry, media, blocks, url)
    published = _time(entry.get("published_parsed")) or _time(entry.get("updated_parsed"))
    named = str(entry.get("published") or entry.get("updated") or "")
    return Item(
        uid=one_line(entry.get("id") or "") or link or digest(headline, named, lead),
        headline=one_line(headline),
        lead=lead,
        blocks=blocks,
        picture=picture,
        url=link,
        categories=tuple(dict.fromkeys(_categories(entry))),
        published=published,
    )


@dataclass(frozen=True, slots=True)
class _Base:
    """What a story's relative addresses start from: the document's xml:base, else the story's own page."""

    page: str
    document: str

    def of(self, detail: Any) -> str:
        declared = str(detail.get("base") or "")
        return absolute(declared, self.document) or self.page


def _story(entry: Any, base: _Base) -> tuple[str, Blocks]:
    summary = entry.get("summary_detail") or {}
    bodies = [each for each in entry.get("content", ()) if each.get("value", "").strip()]
    told = _blocks(summary, base)
    if not bodies or bodies[0].get("value") == summary.get("value"):
        return _lead_of(told)
    body = _blocks(bodies[0], base)
    if not body:
        return _lead_of(told)
    words = " ".join(plain(block.text) for block in told if isinstance(block, Paragraph))
    return one_line(words), body


def _lead_of(blocks: Blocks) -> tuple[str, Blocks]:
    """Take a description that is a single short paragraph for the lead, a longer one for the body."""
    words = [block for block in blocks if not isinstance(block, Figure)]
    match words:
        case [Paragraph(text)] if len(plain(text)) <= _LONGEST_LEAD and not any(run.href for run in text):
            return one_line(plain(text)), tuple(block for block in blocks if isinstance(block, Figure))
        case _:
            return "", blocks


def _blocks(detail: Any, base: _Base) -> Blocks:
    value = detail.get("value", "")
    if detail.get("type") == "text/plain":
        value = "<p>" + _escaped(value).replace("\n\n", "<p>").replace("\n", "<br>")
    return to_blocks(value, base.of(detail))


def _escaped(text: str) -> str:
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def _categories(entry: Any) -> Iterator[str]:
    for tag in entry.get("tags") or ():
        yield from (one_line(word) for word in (tag.get("term"), tag.get("label")) if word and word.strip())


def _time(value: struct_time | None) -> datetime | None:
    try:
        return datetime.fromtimestamp(timegm(value), UTC) if value else None
    except (ValueError, OverflowError, OSError):
        return None
