"""Reads feeds into items: RSS 0.9x to 2.0, RDF, Atom, JSON Feed.

Reading takes time in proportion to the feed's size: call it off the event loop.
"""

from __future__ import annotations

import io
import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, tzinfo
from typing import Any
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

import feedparser

from bot.model.story.content import figures, plain_text
from bot.sources.fetch.encodings import decode_xml, unpacked, unreadable
from bot.sources.formats import json_feed, news_sitemap
from bot.sources.formats.doctype import without_prolog
from bot.sources.formats.entry.link import entry_link
from bot.sources.formats.entry.media import with_media
from bot.sources.formats.entry.media_rss import EntryMedia, take_media
from bot.sources.formats.entry.text import Base, entry_headline, entry_story
from bot.sources.formats.newest import MOST_ITEMS, newest
from bot.sources.formats.slips import without_slips
from bot.sources.formats.xml_repair import well_formed
from bot.sources.html.blocks import to_text
from bot.sources.identity.shared import told_apart
from bot.sources.item import Item, SourceError, Told, digest, make_item
from bot.sources.text.headline import without_site
from bot.sources.text.links import absolute, joined
from bot.sources.text.plain import clean, one_line
from bot.sources.text.relative_times import told_from_now
from bot.sources.text.times import story_time

_MOST_LISTED = 10_000
_ITEM = re.compile(r"<(?:\w{1,50}:)?(?:item|entry)[\s>]", re.IGNORECASE)
# Letters that Russian has beside its neighbours, and letters that only these have.
_RUSSIAN, _OTHER = re.compile("[ыэъё]", re.IGNORECASE), re.compile("[іїєґўқңғұүһәөј]", re.IGNORECASE)
_MOSCOW = ZoneInfo("Europe/Moscow")


def parse_feed(body: bytes, content_type: str = "", url: str = "") -> list[Item]:
    """Return the items of `read_feed`."""
    return read_feed(body, content_type, url).items


def read_feed(body: bytes, content_type: str = "", url: str = "") -> Told:
    """Return a feed's items in the feed's order, each identity once, the newest 500 at most.

    Relative links start from `url`. An item whose letters were lost is left out and counted. Raises SourceError for
    anything but a feed, for XML made to do harm, and where most items have lost their letters.
    """
    text = decode_xml(unpacked(body), content_type)
    is_json = text.lstrip("\ufeff \t\r\n")[:1] in ("{", "[")
    found = json_feed.items(text, url) if is_json else _xml_items(text, url)
    made = [item for raw in found if (item := make_item(raw)) is not None]
    items = [item for item in made if not _unreadable(item)]
    if len(made) > 2 * len(items):
        raise SourceError("encoding", "most of its letters were lost")
    return Told(told_apart(items)[:MOST_ITEMS], len(made) - len(items))


def _unreadable(item: Item) -> bool:
    return unreadable(item.headline) or unreadable(item.lead) or unreadable(plain_text(item.blocks))


def _xml_items(text: str, url: str) -> Iterator[Item]:
    document = well_formed(*without_prolog(without_slips(clean(text))))
    if len(_ITEM.findall(document)) > _MOST_LISTED:
        raise SourceError("too-many", f"it lists more than {_MOST_LISTED:,} items")
    if news_sitemap.is_sitemap(document):
        return news_sitemap.items(document, url)
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
    name = to_text(parsed.feed.get("title", "")) or urlsplit(site).hostname or ""
    zone = _zone(parsed)
    shown = media if len(media) == len(parsed.entries) else [EntryMedia()] * len(parsed.entries)
    entries = [
        _Entry(
            entry,
            each,
            one_line(entry.get("id") or ""),
            _time(entry, zone),
            entry_link(entry, parsed.get("version", ""), url),
        )
        for entry, each in zip(parsed.entries, shown, strict=True)
    ]
    return (_item(entry, url, site, name=name) for entry in newest(entries))


@dataclass(frozen=True, slots=True)
class _Entry:
    """An entry as feedparser gives it, with its media, the source's own identity, its time, its page as written."""

    raw: Any
    media: EntryMedia
    identity: str
    published: datetime | None
    page: str | None


def _zone(parsed: Any) -> tzinfo:
    """Return the zone of clocks that name none: Moscow's in a feed in Russian, else UTC."""
    language = str(parsed.feed.get("language") or "")
    if language:
        return _MOSCOW if language.lower().startswith("ru") else UTC
    titles = " ".join(str(each.get("title") or "") for each in (parsed.feed, *parsed.entries[:50]))
    return _MOSCOW if _RUSSIAN.search(titles) and not _OTHER.search(titles) else UTC


def _item(told: _Entry, url: str, site: str, *, name: str) -> Item:
    entry, media = told.raw, told.media
    link = absolute(told.page, url)
    headline = without_site(entry_headline(entry), name) or media.title
    lead, blocks = entry_story(entry, media.texts, Base(link or site, url))
    if not lead and not blocks:
        blocks = media.words
    picture, blocks = with_media(entry, media, blocks, url)
    if not (headline or lead or plain_text(blocks)) and (picture or blocks):
        # A picture says enough, and needs words of its own to be sent.
        headline = next(filter(None, (shown.media.alt for shown in figures(blocks))), "") or name
    named = str(entry.get("published") or entry.get("updated") or "")
    if told_from_now(named, UTC, datetime.now(UTC)):
        # The same time is told in other words at the next look.
        named = ""
    return Item(
        uid=told.identity or joined(told.page, url) or digest(headline, named, lead),
        headline=headline,
        lead=lead,
        blocks=blocks,
        picture=picture,
        url=link,
        categories=tuple(dict.fromkeys(_categories(entry))),
        published=told.published,
    )


def _categories(entry: Any) -> Iterator[str]:
    for tag in entry.get("tags") or ():
        yield from (one_line(word) for word in (tag.get("term"), tag.get("label")) if word and word.strip())


def _time(entry: Any, zone: tzinfo) -> datetime | None:
    return story_time(entry.get("published"), zone) or story_time(entry.get("updated"), zone)
