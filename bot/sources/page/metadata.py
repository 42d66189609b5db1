"""Reads a page's metadata: JSON-LD, else Open Graph, else plain `meta`."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from itertools import islice
from typing import Any

import lxml.html
from lxml.html import HtmlElement

from bot.sources.html.blocks import plain_line, to_text
from bot.sources.html.escapes import said_plainly
from bot.sources.html.tree import LONGEST
from bot.sources.text.headline import without_site
from bot.sources.text.links import absolute
from bot.sources.text.plain import clean, one_line
from bot.sources.text.times import story_time

# schema.org's kinds of news (Article and what lies below it).
_MOST_SCRIPTS, _MOST_HEADINGS, _LONGEST_TITLE = 50, 20, 1_000
_PUBLISHED = re.compile(r"(?:^|[\s_-])(?:published|entry-date|date-published|pubdate)(?:$|[\s_-])")
_STORIES = ("Article", "BlogPosting", "Report", "LiveBlogPosting")


@dataclass(frozen=True, slots=True)
class PageMetadata:
    """A page's metadata; fields are empty where the page lacks them.

    `url` is the address that the page calls its own; relative addresses start from `base`. `story` is the text that
    JSON-LD has of it, as written: HTML or lines.
    """

    headline: str = ""
    lead: str = ""
    picture: str | None = None
    url: str | None = None
    base: str | None = None
    site: str = ""
    language: str = ""
    categories: tuple[str, ...] = ()
    published: datetime | None = None
    story: str = ""


def page_metadata(html: str, url: str) -> PageMetadata:
    """Return the metadata of the page at `url`."""
    root = _tree(html)
    if root is None:
        return PageMetadata(url=url or None, base=url or None)
    base = absolute(next(iter(root.xpath("//base/@href")), ""), url) or url
    told = _linked_data(root)
    meta = _metas(root)

    def said(*names: str) -> str:
        return next((meta[name] for name in names if meta.get(name)), "")

    site = said("og:site_name") or _words(_named(told.get("publisher")))
    canonical = next(iter(root.xpath("//link[@rel='canonical']/@href")), "")
    return PageMetadata(
        headline=without_site(
            _words(told.get("headline")) or said("og:title", "twitter:title") or _title(root), site
        ),
        lead=_words(told.get("description")) or said("og:description", "description"),
        picture=absolute(_address(told.get("image")) or said("og:image", "twitter:image"), base),
        url=absolute(canonical, base) or absolute(said("og:url"), base) or url or None,
        base=base or None,
        site=site,
        language=_language(root, meta, told),
        categories=tuple(dict.fromkeys(_categories(root, told))),
        published=story_time(_words(told.get("datePublished")))
        or story_time(said("article:published_time"))
        or _shown_time(root),
        story=next(
            (text for text in (told.get("articleBody"), told.get("text")) if isinstance(text, str)), ""
        ),
    )


def _tree(html: str) -> HtmlElement | None:
    try:
        return lxml.html.document_fromstring(
            clean(html[:LONGEST]).encode(), parser=lxml.html.HTMLParser(encoding="utf-8")
        )
    except (ValueError, lxml.etree.LxmlError):
        return None


def _metas(root: HtmlElement) -> dict[str, str]:
    found: dict[str, str] = {}
    for meta in root.iter("meta"):
        name = (meta.get("property") or meta.get("name") or "").lower()
        found.setdefault(name, plain_line(meta.get("content", "")))
    return found


def _title(root: HtmlElement) -> str:
    """Return the page's only `h1`, else its title without the site's name at the end."""
    headings = [one_line(each.text_content()) for each in islice(root.iter("h1"), _MOST_HEADINGS)]
    title = one_line(next(iter(root.xpath("//head/title/text()")), ""))[:_LONGEST_TITLE]
    inside = next((each for each in headings if each and each in title), "")
    return inside or (headings[0] if len(headings) == 1 and headings[0] else title)


def _shown_time(root: HtmlElement) -> datetime | None:
    """Return the time that a page shows as its story's; a time without a name only where the page has no other."""
    times = root.xpath("//time[@datetime]")
    named = [each for each in times if "pubdate" in each.attrib or _PUBLISHED.search(each.get("class", ""))]
    told = (*root.xpath("//*[@itemprop='datePublished']"), *named, *(times if len(times) == 1 else ()))
    found = (story_time(each.get("content") or each.get("datetime")) for each in told[:_MOST_HEADINGS])
    return next((each for each in found if each), None)


def _language(root: HtmlElement, meta: dict[str, str], told: dict[str, Any]) -> str:
    named = root.get("lang") or _words(told.get("inLanguage")) or meta.get("og:locale") or ""
    return named.replace("_", "-").partition("-")[0].strip().lower()[:3]


def _categories(root: HtmlElement, told: dict[str, Any]) -> Iterator[str]:
    names = "@property='article:section' or @property='article:tag'"
    for value in (*root.xpath(f"//meta[{names}]/@content"), *_list(told.get("articleSection"))):
        if isinstance(value, str) and (word := one_line(value)):
            yield word


def _linked_data(root: HtmlElement) -> dict[str, Any]:
    """Return what JSON-LD says of the story; of several stories the one with a text, else the first."""
    found = [
        thing
        for script in root.xpath("//script[starts-with(@type, 'application/ld+json')]")[:_MOST_SCRIPTS]
        for thing in _things(_json(script.text_content()))
        if any(str(kind).endswith(_STORIES) for kind in _list(thing.get("@type")))
    ]
    return next((each for each in found if each.get("articleBody")), found[0] if found else {})


def _json(text: str) -> Any:
    # Engines set the marks of a comment around it, and line ends into its strings.
    bare = text.replace("<![CDATA[", "").replace("]]>", "")
    starts = [at for at in (bare.find("{"), bare.find("[")) if at >= 0]
    bare = bare[min(starts, default=0) : max(bare.rfind("}"), bare.rfind("]")) + 1]
    try:
        return json.loads(bare, strict=False)
    except (ValueError, RecursionError):
        return None


def _things(data: Any) -> Iterator[dict[str, Any]]:
    for each in _list(data):
        if isinstance(each, dict):
            yield each
            inner = (
                *_list(each.get("@graph")),
                *_list(each.get("mainEntity")),
                *_list(each.get("mainEntityOfPage")),
            )
            yield from (thing for thing in inner if isinstance(thing, dict))


def _list(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [] if value is None else [value]


def _named(value: Any) -> Any:
    first = next(iter(_list(value)), None)
    return first.get("name") if isinstance(first, dict) else first


def _address(value: Any) -> str:
    first = next(iter(_list(value)), None)
    return _words(first.get("url") if isinstance(first, dict) else first)


def _words(value: Any) -> str:
    return to_text(said_plainly(value)) if isinstance(value, str) and value else ""
