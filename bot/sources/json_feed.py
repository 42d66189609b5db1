"""JSON Feed, versions 1 and 1.1 (jsonfeed.org): feedparser doesn't read it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import orjson

from bot.model.content import Blocks, Media, MediaKind, Paragraph, Run
from bot.sources.item import Item, SourceError, digest
from bot.sources.markup import to_blocks
from bot.sources.markup_media import absolute
from bot.sources.runs import clean, one_line
from bot.sources.times import moment


def items(body: bytes, url: str) -> Iterator[Item]:
    """Return the feed's items. Raises SourceError where it is none."""
    try:
        feed = orjson.loads(body.removeprefix(b"\xef\xbb\xbf"))
    except orjson.JSONDecodeError:
        raise SourceError("not-a-feed", "it begins like JSON and is not") from None
    found = feed.get("items") if isinstance(feed, dict) else None
    if not isinstance(found, list) or "jsonfeed.org/version/" not in str(feed.get("version", "")):
        raise SourceError("not-a-feed", "it is JSON, but not a JSON Feed")
    return (_item(each, url) for each in found if isinstance(each, dict))


def paragraphs(text: str) -> Blocks:
    """Return plain text as paragraphs, parted by empty lines."""
    parts = clean(text).replace("\r\n", "\n").split("\n\n")
    return tuple(Paragraph((Run(part.strip()),)) for part in parts if part.strip())


def _item(entry: dict[str, Any], feed_url: str) -> Item:
    link = absolute(_words(entry, "url"), feed_url) or absolute(_words(entry, "external_url"), feed_url)
    html = _words(entry, "content_html")
    blocks = to_blocks(html, link or feed_url) if html else paragraphs(_words(entry, "content_text"))
    headline, lead = one_line(_words(entry, "title")), one_line(_words(entry, "summary"))
    published = _words(entry, "date_published")
    image = absolute(_words(entry, "image") or _words(entry, "banner_image"), feed_url)
    tags = entry.get("tags")
    number = entry.get("id")
    uid = str(number) if isinstance(number, str | int) else ""
    return Item(
        uid=uid.strip() or link or digest(headline, published, lead),
        headline=headline,
        lead=lead,
        blocks=blocks,
        picture=Media(MediaKind.PICTURE, image) if image else None,
        url=link,
        categories=tuple(one_line(tag) for tag in tags if isinstance(tag, str))
        if isinstance(tags, list)
        else (),
        published=moment(published) or moment(_words(entry, "date_modified")),
    )


def _words(entry: dict[str, Any], key: str) -> str:
    value = entry.get(key)
    return value if isinstance(value, str) else ""
