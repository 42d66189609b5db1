"""Reads JSON Feed, versions 1 and 1.1 (jsonfeed.org), which feedparser lacks."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import orjson

from bot.model.story.content import Blocks, Figure, Media, MediaKind, Paragraph, Run, figures
from bot.sources.formats import wordpress
from bot.sources.formats.newest import newest
from bot.sources.html.blocks import plain_line, to_blocks
from bot.sources.html.escapes import said_plainly
from bot.sources.html.media import is_picture
from bot.sources.item import Item, SourceError, digest
from bot.sources.text.links import absolute, joined
from bot.sources.text.plain import clean, one_line
from bot.sources.text.times import story_time

# A string, or a comma that nothing follows.
_SURPLUS_COMMA = re.compile(r'"(?:[^"\\]|\\.)*+(?:"|\\?\Z)|,(?=\s{0,100}[\]}])', re.DOTALL)
_KINDS = {"image": MediaKind.PICTURE, "video": MediaKind.VIDEO, "audio": MediaKind.AUDIO}
_MOST_ATTACHED = 100


def items(text: str, url: str) -> Iterator[Item]:
    """Return the feed's items; relative links start from `url`. Raises SourceError for anything but a JSON Feed."""
    feed = _loaded(text.lstrip("\ufeff \t\r\n"))
    if wordpress.are_posts(feed):
        return wordpress.items(feed, url)
    found = feed.get("items") if isinstance(feed, dict) else None
    if not isinstance(found, list) or "jsonfeed.org/version/" not in str(feed.get("version", "")):
        raise SourceError("not-a-feed", "it is JSON, but not a JSON Feed")
    entries = [_Entry(each, str(each.get("id", "")), _time(each)) for each in found if isinstance(each, dict)]
    return (_item(each.raw, url) for each in newest(entries))


def _loaded(text: str) -> Any:
    """Return a JSON text's value, also where a template left line ends in its strings and commas too many."""
    try:
        return orjson.loads(text)
    except orjson.JSONDecodeError:
        pass
    try:
        return json.loads(
            _SURPLUS_COMMA.sub(lambda found: found[0] if found[0][0] == '"' else "", text), strict=False
        )
    except (ValueError, RecursionError):
        raise SourceError("not-a-feed", "it begins like JSON and is not") from None


@dataclass(frozen=True, slots=True)
class _Entry:
    raw: dict[str, Any]
    identity: str
    published: datetime | None


def paragraphs(text: str) -> Blocks:
    """Return plain text as paragraphs, parted by empty lines."""
    parts = clean(text).replace("\r\n", "\n").split("\n\n")
    return tuple(Paragraph((Run(part.strip()),)) for part in parts if part.strip())


def _item(entry: dict[str, Any], feed_url: str) -> Item:
    link = absolute(_words(entry, "url"), feed_url) or absolute(_words(entry, "external_url"), feed_url)
    html = _words(entry, "content_html")
    blocks = (
        to_blocks(said_plainly(html), link or feed_url) if html else paragraphs(_words(entry, "content_text"))
    )
    headline, lead = plain_line(_words(entry, "title")), plain_line(_words(entry, "summary"))
    published = _words(entry, "date_published")
    image = absolute(_words(entry, "image") or _words(entry, "banner_image"), feed_url)
    shown = {each.media.url for each in figures(blocks)} | {image}
    attached = [each for each in _attached(entry, feed_url) if each.media.url not in shown]
    picture = Media(MediaKind.PICTURE, image) if image else None
    if (
        picture is None
        and not any(figures(blocks))
        and attached
        and attached[0].media.kind is MediaKind.PICTURE
    ):
        picture = attached[0].media
    after = [each for each in attached if each.media != picture]
    tags = entry.get("tags")
    number = entry.get("id")
    uid = str(number) if isinstance(number, str | int) else ""
    return Item(
        uid=uid.strip()
        or joined(_words(entry, "url"), feed_url)
        or link
        or digest(headline, published, lead),
        headline=headline,
        lead=lead,
        blocks=(*blocks, *after),
        picture=picture,
        url=link,
        categories=tuple(one_line(tag) for tag in tags if isinstance(tag, str))
        if isinstance(tags, list)
        else (),
        published=_time(entry),
    )


def _attached(entry: dict[str, Any], base: str) -> Iterator[Figure]:
    found = entry.get("attachments")
    for each in found[:_MOST_ATTACHED] if isinstance(found, list) else ():
        if isinstance(each, dict) and (url := absolute(_words(each, "url"), base)):
            kind = _KINDS.get(_words(each, "mime_type").partition("/")[0])
            if kind := kind or (MediaKind.PICTURE if is_picture(url) else None):
                yield Figure(Media(kind, url))


def _time(entry: dict[str, Any]) -> datetime | None:
    return story_time(entry.get("date_published")) or story_time(entry.get("date_modified"))


def _words(entry: dict[str, Any], key: str) -> str:
    value = entry.get(key)
    return value if isinstance(value, str) else ""
