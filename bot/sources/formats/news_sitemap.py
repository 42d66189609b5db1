"""Reads news sitemaps: headlines with links.

Google names the elements: developers.google.com/search/docs/crawling-indexing/sitemaps/news-sitemap.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

import lxml.etree
from lxml.etree import _Element as Element

from bot.model.story.content import Media, MediaKind
from bot.sources.formats.newest import newest
from bot.sources.html.blocks import plain_line
from bot.sources.item import Item, digest
from bot.sources.text.links import absolute
from bot.sources.text.times import story_time

_ROOT = re.compile(r"\s*<(?:[\w-]{1,40}:)?urlset[\s>]")
_LONGEST_LANGUAGE = 3


def is_sitemap(document: str) -> bool:
    """Return whether an XML document is a list of addresses."""
    return bool(_ROOT.match(document))


def items(document: str, url: str) -> Iterator[Item]:
    """Return the entries of a well-formed sitemap that name a story, the newest 500; other pages are left out."""
    parser = lxml.etree.XMLParser(resolve_entities=False, no_network=True, huge_tree=True)
    root = lxml.etree.fromstring(document.encode(), parser)
    found = [
        _item(place, news, url) for place in root.iter("{*}url") for news in place.iterchildren("{*}news")
    ]
    return (each.item for each in newest([_Told(item, item.uid, item.published) for item in found]))


@dataclass(frozen=True, slots=True)
class _Told:
    item: Item
    identity: str
    published: datetime | None


def _item(place: Element, news: Element, url: str) -> Item:
    headline, link = plain_line(_said(news, "title")), absolute(_said(place, "loc"), url)
    image = next((absolute(_said(each, "loc"), url) for each in place.iterchildren("{*}image")), None)
    publication = next(news.iterchildren("{*}publication"), None)
    return Item(
        uid=link or digest(headline),
        headline=headline,
        picture=Media(MediaKind.PICTURE, image) if image else None,
        url=link,
        categories=tuple(word.strip() for word in _said(news, "keywords").split(",") if word.strip()),
        published=story_time(_said(news, "publication_date")),
        language=""
        if publication is None
        else _said(publication, "language")[:_LONGEST_LANGUAGE].strip("-_").lower(),
    )


def _said(place: Element, name: str) -> str:
    return next((each.text or "" for each in place.iterchildren(f"{{*}}{name}")), "").strip()
