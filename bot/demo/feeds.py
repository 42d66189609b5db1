"""Feeds in the three forms that sites have: RSS 2.0, Atom, JSON Feed."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from email.utils import format_datetime
from mimetypes import guess_type
from xml.etree.ElementTree import Element, SubElement, register_namespace, tostring

from bot.demo.stories import PICTURES, Story

ATOM = "http://www.w3.org/2005/Atom"
CONTENT = "http://purl.org/rss/1.0/modules/content/"
MEDIA = "http://search.yahoo.com/mrss/"
XML = "http://www.w3.org/XML/1998/namespace"
for prefix, space in (("atom", ATOM), ("content", CONTENT), ("media", MEDIA)):
    register_namespace(prefix, space)


@dataclass(frozen=True, slots=True)
class Item:
    """A story that went out. Its uid stays the same when it is corrected; times are in UTC."""

    uid: str
    story: Story
    published: datetime
    updated: datetime


@dataclass(frozen=True, slots=True)
class FeedHead:
    """The head of a feed. `site` is the address of the server, `url` the feed's own."""

    title: str
    language: str
    site: str
    url: str

    def link(self, item: Item) -> str:
        """Return the address of a story's page."""
        return f"{self.site}/news/{item.uid}"

    @property
    def pictures(self) -> str:
        """The address of the pictures' folder."""
        return f"{self.site}/pictures"

    def picture(self, item: Item) -> str:
        """Return the address of a story's picture, empty where it has none."""
        return f"{self.pictures}/{item.story.picture}" if item.story.picture else ""


def rss(head: FeedHead, items: Sequence[Item]) -> bytes:
    """Return an RSS 2.0 feed with full texts and media."""
    root = Element("rss", version="2.0")
    top = SubElement(root, "channel")
    _add(top, "title", head.title)
    _add(top, "link", head.site + "/")
    _add(top, "description", head.title)
    _add(top, "language", head.language)
    SubElement(top, f"{{{ATOM}}}link", href=head.url, rel="self", type="application/rss+xml")
    for item in items:
        entry = SubElement(top, "item")
        _add(entry, "title", item.story.headline)
        _add(entry, "link", head.link(item))
        _add(entry, "guid", item.uid).set("isPermaLink", "false")
        _add(entry, "pubDate", format_datetime(item.published, usegmt=True))
        for category in item.story.categories:
            _add(entry, "category", category)
        _add(entry, "description", item.story.lead)
        _add(entry, f"{{{CONTENT}}}encoded", item.story.html(head.pictures))
        if item.story.picture:
            _add_media(entry, head.picture(item), item.story)
    return _document(root)


def _add_media(entry: Element, url: str, story: Story) -> None:
    facts = {"url": url, "medium": "image", "type": _kind(story.picture), "width": "960", "height": "540"}
    media = SubElement(entry, f"{{{MEDIA}}}content", facts)
    _add(media, f"{{{MEDIA}}}credit", story.credit)


def atom(head: FeedHead, items: Sequence[Item]) -> bytes:
    """Return an Atom feed with full texts; a picture is an enclosure."""
    root = Element("feed", {"xmlns": ATOM, f"{{{XML}}}lang": head.language})
    _add(root, "title", head.title)
    _add(root, "id", head.url)
    _add(root, "updated", max(item.updated for item in items).isoformat())
    SubElement(root, "link", rel="self", href=head.url)
    SubElement(root, "link", rel="alternate", href=head.site + "/")
    _add(SubElement(root, "author"), "name", head.title)
    for item in items:
        entry = SubElement(root, "entry")
        _add(entry, "title", item.story.headline)
        _add(entry, "id", f"urn:wire:{item.uid}")
        SubElement(entry, "link", rel="alternate", href=head.link(item))
        _add(entry, "published", item.published.isoformat())
        _add(entry, "updated", item.updated.isoformat())
        for category in item.story.categories:
            SubElement(entry, "category", term=category)
        _add(entry, "summary", item.story.lead)
        _add(entry, "content", item.story.html(head.pictures)).set("type", "html")
        if item.story.picture:
            facts = {"rel": "enclosure", "href": head.picture(item), "type": _kind(item.story.picture)}
            facts["length"] = str((PICTURES / item.story.picture).stat().st_size)
            SubElement(entry, "link", facts)
    return _document(root)


def json_feed(head: FeedHead, items: Sequence[Item]) -> bytes:
    """Return a JSON Feed 1.1."""
    feed = {
        "version": "https://jsonfeed.org/version/1.1",
        "title": head.title,
        "home_page_url": head.site + "/",
        "feed_url": head.url,
        "language": head.language,
        "items": [_json_item(head, item) for item in items],
    }
    return json.dumps(feed, ensure_ascii=False, indent=1).encode()


def _json_item(head: FeedHead, item: Item) -> dict[str, object]:
    entry: dict[str, object] = {
        "id": item.uid,
        "url": head.link(item),
        "title": item.story.headline,
        "summary": item.story.lead,
        "content_html": item.story.html(head.pictures),
        "date_published": item.published.isoformat(),
        "date_modified": item.updated.isoformat(),
        "tags": list(item.story.categories),
    }
    if item.story.picture:
        entry["image"] = head.picture(item)
    return entry


def _add(parent: Element, tag: str, text: str) -> Element:
    child = SubElement(parent, tag)
    child.text = text
    return child


def _kind(picture: str) -> str:
    return guess_type(picture)[0] or "application/octet-stream"


def _document(root: Element) -> bytes:
    document: bytes = tostring(root, encoding="utf-8", xml_declaration=True)
    return document
