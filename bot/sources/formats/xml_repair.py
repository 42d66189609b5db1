"""Mends XML that is not well-formed, in time that grows with its length alone: each pattern ends at the next '<'."""

from __future__ import annotations

import re
from collections.abc import Mapping
from html.entities import html5

import lxml.etree

from bot.sources.item import SourceError
from bot.sources.text.plain import clean

DEEPEST = 100
"""How deep the elements of a feed may nest."""

_MOST_STRAY = 10_000
# Parsers look for a prefix among all that are declared.
_MOST_PREFIXES = 200
_MOST_GROWTH = 2
_NAME = r"[A-Za-z_][A-Za-z0-9_.-]{0,99}+(?::[A-Za-z_][A-Za-z0-9_.-]{0,99}+)?+"
_TAG = re.compile(
    rf"""<(/?+)({_NAME})(?=[\s/>])((?:[^<>"']++|"[^"<]*+"|'[^'<]*+')*+)>|<(/?+)({_NAME})(?=[\s/>])([^<>]*+)>"""
)
_ATTRIBUTE = re.compile(rf"""({_NAME})(?:\s*+=\s*+(?:"([^"]*+)"|'([^']*+)'|([^\s"'>]++)))?+""")
_AMPERSAND = re.compile(r"&(?:#(\d{1,7}|[xX][0-9A-Fa-f]{1,6});|([A-Za-z][A-Za-z0-9]{0,63});)?+")
_START = re.compile(r"<(?:[A-Za-z]{1,9}:)?(?:rss|feed|rdf|urlset)[\s>]", re.IGNORECASE)
_START_WITHIN = 20_000
# Thousands of attributes in an element cost parsers the square of their number; one long value does not.
_LONG_TAG = re.compile(r"<[A-Za-z][^<>]{20000,}+")
_MOST_ATTRIBUTES = 1000
_PREFIX = re.compile(r"\sxmlns:([^\s=]{1,100})")
_PREDEFINED = ("amp", "lt", "gt", "quot", "apos")
# Written in a story's HTML without an end.
_VOID = frozenset(("br", "hr", "img", "wbr", "input", "area", "col", "param", "track"))
# They hold no element that could end first.
_WORDS_ALONE = ("title", "link", "guid", "pubDate", "category", "author", "id", "updated", "published")
_ENTRIES = ("item", "entry")
_NAMESPACES = {
    "atom": "http://www.w3.org/2005/Atom",
    "cc": "http://web.resource.org/cc/",
    "content": "http://purl.org/rss/1.0/modules/content/",
    "dc": "http://purl.org/dc/elements/1.1/",
    "dcterms": "http://purl.org/dc/terms/",
    "feedburner": "http://rssnamespace.org/feedburner/ext/1.0",
    "geo": "http://www.w3.org/2003/01/geo/wgs84_pos#",
    "georss": "http://www.georss.org/georss",
    "itunes": "http://www.itunes.com/dtds/podcast-1.0.dtd",
    "media": "http://search.yahoo.com/mrss/",
    "rdf": "http://www.w3.org/1999/02/22-rdf-syntax-ns#",
    "slash": "http://purl.org/rss/1.0/modules/slash/",
    "sy": "http://purl.org/rss/1.0/modules/syndication/",
    "thr": "http://purl.org/rss/1.0/modules/threading/",
    "turbo": "http://turbo.yandex.ru",
    "wfw": "http://wellformedweb.org/commentAPI/",
    "xhtml": "http://www.w3.org/1999/xhtml",
    "yandex": "http://news.yandex.ru",
}


def well_formed(text: str, entities: Mapping[str, str]) -> str:
    """Return an XML document as it is where it is well-formed, else mended; `entities` are those it declares.

    Bare ampersands and '<', HTML's entities, elements and CDATA without an end, missing quotes and undeclared
    prefixes are mended. Raises SourceError for elements nested deeper than `DEEPEST`, and for a text that no
    mending makes XML.
    """
    if len(set(_PREFIX.findall(text))) > _MOST_PREFIXES:
        raise _too_many_prefixes()
    if any(tag.count("=") > _MOST_ATTRIBUTES for tag in _LONG_TAG.findall(text)):
        raise SourceError("malformed", f"an element has more than {_MOST_ATTRIBUTES:,} attributes")
    root = None if entities else _parsed(text)
    if root is None:
        text = _Repair(text, entities).run()
        root = _parsed(text)
    if root is None and not text:
        raise SourceError("not-a-feed", "it holds no element")
    if root is None:
        raise SourceError("malformed", "it is not well-formed, and could not be mended")
    if root.xpath("boolean(" + "/*" * (DEEPEST + 1) + ")"):
        raise _too_deep()
    return text


def _parsed(text: str) -> lxml.etree._Element | None:
    parser = lxml.etree.XMLParser(resolve_entities=False, no_network=True, huge_tree=True)
    try:
        return lxml.etree.fromstring(text.encode(), parser)
    except (lxml.etree.XMLSyntaxError, ValueError):
        return None


def _too_many_prefixes() -> SourceError:
    return SourceError("malformed", f"it uses more than {_MOST_PREFIXES} prefixes")


def _too_deep() -> SourceError:
    return SourceError("too-deep", f"its elements nest deeper than {DEEPEST}")


class _Repair:
    """One walk over a document, from '<' to '<', with the elements that are open."""

    def __init__(self, text: str, entities: Mapping[str, str]) -> None:
        start = _START.search(text, 0, _START_WITHIN)
        self._text = text[start.start() :] if start else text
        self._entities = entities
        self._growth = _MOST_GROWTH * len(text) + 1000
        self._made: list[str] = []
        self._open: list[str] = []
        self._counts: dict[str, int] = {}
        self._declared: set[str] = {"xml", "xmlns"}
        self._used: set[str] = set()
        self._root = ""
        self._stray = 0
        self._seen: dict[str, int] = {}

    def run(self) -> str:
        """Return the document, with an end for each element and a declaration for each prefix."""
        at = 0
        while at < len(self._text) and not (self._root and not self._open):
            opens = self._text.find("<", at)
            opens = len(self._text) if opens < 0 else opens
            self._write(self._text[at:opens])
            at = self._markup(opens) if opens < len(self._text) else opens
        self._close_to(0)
        used = sorted(self._used - self._declared)
        if len(self._used) > _MOST_PREFIXES:
            raise _too_many_prefixes()
        if not self._root:
            return ""
        missing = "".join(
            f' xmlns:{name}="{_NAMESPACES.get(name, f"urn:undeclared:{name}")}"' for name in used
        )
        return f"{self._root}{missing}>" + "".join(self._made)

    def _markup(self, at: int) -> int:
        """Write what begins with the '<' at `at`; return where the walk goes on."""
        text = self._text
        if text.startswith("<![CDATA[", at):
            return self._cdata(at + len("<![CDATA["))
        for opening, closing in (("<!--", "-->"), ("<?", "?>")):
            if text.startswith(opening, at) and (ends := self._next(closing, at + 2)) >= 0:
                return ends + len(closing)
        if match := _TAG.match(text, at):
            closing, name, attributes = match.groups()[:3] if match[2] else match.groups()[3:]
            if closing:
                self._end(name)
            else:
                self._begin(name, attributes)
            return match.end()
        self._stray += 1
        if self._stray > _MOST_STRAY:
            raise SourceError("malformed", "it is not well-formed, in too many places to be mended")
        self._put("&lt;")
        return at + 1

    def _next(self, sought: str, at: int) -> int:
        """Return where the next `sought` begins, -1 without one; no part of the text is searched twice."""
        seen = self._seen.get(sought, 0)
        if 0 <= seen < at:
            seen = self._seen[sought] = self._text.find(sought, at)
        return seen

    def _cdata(self, at: int) -> int:
        """Write a CDATA section as text: up to its end, or, without one, to the end of its element."""
        text, ends = self._text, self._next("]]>", at)
        opens = text.find("<![CDATA[", at, ends if ends >= 0 else None)
        if ends < 0 or opens >= 0:
            limit = opens if opens >= 0 else len(text)
            closes = text.find(f"</{self._open[-1]}", at, limit) if self._open else -1
            ends = closes if closes >= 0 else limit
            self._put(_escaped(text[at:ends]))
            return ends
        self._put(_escaped(text[at:ends]))
        return ends + len("]]>")

    def _begin(self, name: str, attributes: str) -> None:
        local = name.rpartition(":")[2].lower()
        if local in _ENTRIES and self._counts.get(name):
            self._end(name)
        self._use(name)
        written = {
            match[1]: match[2] or match[3] or match[4] or "" for match in _ATTRIBUTE.finditer(attributes)
        }
        written = {
            each: value.strip().replace(" ", "%20") if each.startswith("xmlns") else value
            for each, value in written.items()
            if value.strip() or not each.startswith("xmlns")
        }
        for each in written:
            self._use(each)
        inside = "".join(f' {each}="{self._mended(value)}"' for each, value in written.items())
        if not self._root:
            self._declared |= {
                each[6:] for each, value in written.items() if each.startswith("xmlns:") and value
            }
            self._root = f"<{name}{inside}"
        else:
            self._made.append(f"<{name}{inside}>")
        self._open.append(name)
        self._counts[name] = self._counts.get(name, 0) + 1
        if attributes.rstrip().endswith("/") or name.lower() in _VOID:
            self._close_to(len(self._open) - 1)
        if len(self._open) > DEEPEST:
            raise _too_deep()

    def _end(self, name: str) -> None:
        if self._counts.get(name):
            self._close_to(len(self._open) - 1 - self._open[::-1].index(name))
        elif self._open and self._open[-1] in _WORDS_ALONE:
            # An end whose name was misspelled.
            self._close_to(len(self._open) - 1)

    def _close_to(self, depth: int) -> None:
        while len(self._open) > depth:
            name = self._open.pop()
            self._counts[name] -= 1
            self._made.append(f"</{name}>")

    def _use(self, name: str) -> None:
        if ":" in name:
            self._used.add(name.partition(":")[0])

    def _write(self, text: str) -> None:
        self._put(self._mended(text).replace("]]>", "]]&gt;"))

    def _put(self, text: str) -> None:
        if self._open:
            self._made.append(text)

    def _mended(self, text: str) -> str:
        """Return text with each ampersand in its right place; for an attribute's value too."""
        text = _AMPERSAND.sub(self._reference, text)
        return text.replace("<", "&lt;").replace('"', "&quot;")

    def _reference(self, match: re.Match[str]) -> str:
        number, name = match.groups()
        if number:
            code = int(number[1:], 16) if number[0] in "xX" else int(number)
            return match[0] if code < 0x110000 and clean(chr(code)) else ""
        if not name:
            return "&amp;"
        if name in _PREDEFINED:
            return match[0]
        meant = self._entities.get(name, html5.get(f"{name};"))
        if meant is None:
            return f"&amp;{name};"
        self._growth -= len(meant)
        if self._growth < 0:
            raise SourceError("entities", "its entities stand for more than the document holds")
        return _escaped(clean(meant))


def _escaped(text: str) -> str:
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
