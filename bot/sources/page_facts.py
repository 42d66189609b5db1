"""What a page says of its story outside the body: JSON-LD, Open Graph and plain `meta`, in that order."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import lxml.html
import orjson
from lxml.html import HtmlElement

from bot.sources.markup_media import absolute
from bot.sources.runs import clean, one_line
from bot.sources.times import moment

# schema.org's kinds of news (Article and what lies below it).
_STORIES = ("Article", "BlogPosting", "Report", "LiveBlogPosting")


@dataclass(frozen=True, slots=True)
class PageFacts:
    """What is known of the page's story; empty where the page does not say.

    `url` is the address that the page calls its own; `base` is what its relative addresses start from.
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


def page_facts(html: str, url: str) -> PageFacts:
    """Return what the page at `url` says of its story."""
    root = _tree(html)
    if root is None:
        return PageFacts(url=url or None, base=url or None)
    base = absolute(next(iter(root.xpath("//base/@href")), ""), url) or url
    told = _linked_data(root)
    meta = _metas(root)

    def said(*names: str) -> str:
        return next((meta[name] for name in names if meta.get(name)), "")

    canonical = next(iter(root.xpath("//link[@rel='canonical']/@href")), "")
    return PageFacts(
        headline=_words(told.get("headline")) or said("og:title", "twitter:title") or _title(root),
        lead=_words(told.get("description")) or said("og:description", "description"),
        picture=absolute(_address(told.get("image")) or said("og:image", "twitter:image"), base),
        url=absolute(canonical, base) or absolute(said("og:url"), base) or url or None,
        base=base or None,
        site=said("og:site_name") or _words(_named(told.get("publisher"))),
        language=_language(root, meta, told),
        categories=tuple(dict.fromkeys(_categories(root, told))),
        published=moment(_words(told.get("datePublished"))) or moment(said("article:published_time")),
    )


def _tree(html: str) -> HtmlElement | None:
    try:
        return lxml.html.document_fromstring(
            clean(html).encode(), parser=lxml.html.HTMLParser(encoding="utf-8")
        )
    except (ValueError, lxml.etree.LxmlError):
        return None


def _metas(root: HtmlElement) -> dict[str, str]:
    found: dict[str, str] = {}
    for meta in root.iter("meta"):
        name = (meta.get("property") or meta.get("name") or "").lower()
        found.setdefault(name, one_line(meta.get("content", "")))
    return found


def _title(root: HtmlElement) -> str:
    """Return the page's only `h1`, else its title without the site's name at the end."""
    headings = [one_line(each.text_content()) for each in root.iter("h1")]
    title = one_line(next(iter(root.xpath("//head/title/text()")), ""))
    inside = next((each for each in headings if each and each in title), "")
    return inside or (headings[0] if len(headings) == 1 and headings[0] else title)


def _language(root: HtmlElement, meta: dict[str, str], told: dict[str, Any]) -> str:
    named = root.get("lang") or _words(told.get("inLanguage")) or meta.get("og:locale") or ""
    return named.replace("_", "-").partition("-")[0].strip().lower()[:3]


def _categories(root: HtmlElement, told: dict[str, Any]) -> Iterator[str]:
    names = "@property='article:section' or @property='article:tag'"
    for value in (*root.xpath(f"//meta[{names}]/@content"), *_list(told.get("articleSection"))):
        if isinstance(value, str) and (word := one_line(value)):
            yield word


def _linked_data(root: HtmlElement) -> dict[str, Any]:
    for script in root.xpath("//script[@type='application/ld+json']"):
        try:
            data = orjson.loads(script.text_content().strip())
        except orjson.JSONDecodeError:
            continue
        for thing in _things(data):
            if any(str(kind).endswith(_STORIES) for kind in _list(thing.get("@type"))):
                return thing
    return {}


def _things(data: Any) -> Iterator[dict[str, Any]]:
    for each in _list(data):
        if isinstance(each, dict):
            yield each
            yield from (inner for inner in _list(each.get("@graph")) if isinstance(inner, dict))


def _list(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [] if value is None else [value]


def _named(value: Any) -> Any:
    first = next(iter(_list(value)), None)
    return first.get("name") if isinstance(first, dict) else first


def _address(value: Any) -> str:
    first = next(iter(_list(value)), None)
    return _words(first.get("url") if isinstance(first, dict) else first)


def _words(value: Any) -> str:
    return (
        one_line(lxml.html.fromstring(f"<p>{value}</p>").text_content())
        if isinstance(value, str) and value
        else ""
    )
