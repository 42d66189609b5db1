"""What a source says, found without our own reader; and how much of it an item holds."""

from __future__ import annotations

import difflib
import re
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import ClassVar
from urllib.parse import urljoin, urlsplit

import lxml.etree
import lxml.html
import orjson
from lxml.html import HtmlElement

from bot.model.story.content import (
    Block,
    Embed,
    Figure,
    Gallery,
    Media,
    Table,
    Text,
    figures,
    plain,
    plain_text,
    texts,
)
from bot.sources.item import Item

_WORD = re.compile(r"\w+")
# Never drawn, or drawn as something else than words.
_UNSEEN = "script|style|noscript|template|head|title|iframe|object|svg|select|textarea|audio|video|math"
_HIDDEN = re.compile(r"display\s*:\s*none|visibility\s*:\s*hidden", re.IGNORECASE)
_IMAGE_NAME = re.compile(r"\.(?:jpe?g|png|gif|webp|avif|svg)(?:$|\?)", re.IGNORECASE)
_ADDRESSES = ("src", "data-src", "data-lazy-src", "data-original", "data-orig-file", "data-large-file")
_SETS = ("srcset", "data-srcset", "data-lazy-srcset")
# Feedburner's row of share buttons and the counters under it.
_COUNTERS = re.compile(
    r"https?://(?:feeds\d?\.feedburner\.com/~|[\w.]*feedsportal\.com/|stats\.wordpress\.com/)"
)
_SET = re.compile(r",\s+|(?<=\d[wx]),")
_SMALL = re.compile(r"^\s*[0-2](?:px)?\s*$")

Pair = tuple[int, int]


@dataclass(frozen=True, slots=True)
class Body:
    """A body's words in order, the addresses that it links to, its pictures (each by any of its addresses),
    the words of its captions."""

    words: tuple[str, ...]
    links: tuple[str, ...] = ()
    images: tuple[frozenset[str], ...] = ()
    captions: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Kept:
    """Pairs of (kept, of how many). `order` counts words in an unbroken order, `once` those not repeated."""

    words: Pair = (0, 0)
    order: Pair = (0, 0)
    once: Pair = (0, 0)
    links: Pair = (0, 0)
    images: Pair = (0, 0)
    captions: Pair = (0, 0)
    dropped: Pair = (0, 0)
    lost: tuple[str, ...] = ()
    extra: tuple[str, ...] = ()

    FIGURES: ClassVar = ("words", "order", "once", "links", "images", "captions", "dropped")


@dataclass(frozen=True, slots=True)
class Story:
    """One story of the corpus, measured."""

    name: str
    kept: Kept


def measure(item: Item, body: Body, around: Counter[str] | None) -> Kept:
    """Return how much of a body the item holds, and of what stands around it has left out."""
    wanted, held = Counter(body.words), _words(f"{item.headline} {said(item)}")
    told = Counter(held)
    lost = wanted - told
    extra = Counter(_words(_texts(item))) - wanted
    again = sum(min(count, wanted[word]) for word, count in extra.items() if word in wanted)
    captions, kept_captions = Counter(body.captions), Counter(_words(" ".join(_captions(item.blocks))))
    links, images = _links(item), _media(item)
    leaked = sum((extra & around).values()) if around else 0
    return Kept(
        words=(sum(wanted.values()) - sum(lost.values()), sum(wanted.values())),
        order=(_in_order(body.words, held), sum(wanted.values())),
        once=(max(0, len(body.words) - again), len(body.words)),
        links=(sum(link in links for link in body.links), len(body.links)),
        images=(sum(bool(each & images) for each in body.images), len(body.images)),
        captions=(sum((captions & kept_captions).values()), sum(captions.values())),
        dropped=(sum(around.values()) - leaked, sum(around.values())) if around else (0, 0),
        lost=tuple(lost.elements()),
        extra=tuple(extra.elements()) if around else (),
    )


def said(item: Item) -> str:
    """Return all that an item says under its headline, on one line."""
    return " ".join(f"{item.lead} {item.dateline} {_texts(item)}".split())


def body_of_text(text: str) -> Body:
    """Return the body that a corpus gives as plain text."""
    return Body(tuple(_words(text)))


def body_of_html(html: str, base: str) -> Body:
    """Return all that HTML shows: words, links, pictures, captions."""
    root = _seen(html)
    if root is None:
        return Body(())
    links = [urljoin(base, (link.get("href") or "").strip()) for link in root.iter("a") if _is_link(link)]
    images = [found for image in root.iter("img") if (found := _candidates(image, base))]
    captions = root.xpath(".//figcaption | .//*[contains(@class, 'wp-caption-text')]")
    return Body(
        tuple(_words(_shown(root))),
        tuple(link for link in links if _outward(link)),
        tuple(images),
        tuple(_words(" ".join(_shown(each) for each in captions))),
    )


def furniture(page: bytes, body: Body) -> Counter[str]:
    """Return the words that a page shows beside its body."""
    root = _seen(page.decode("utf-8", "replace"))
    return Counter(_words(_shown(root))) - Counter(body.words) if root is not None else Counter()


def feed_bodies(data: bytes, url: str) -> Iterator[tuple[list[str], Body]]:
    """Yield each item of a feed: the names by which it can be known, and its body."""
    if data.lstrip()[:1] == b"{":
        yield from _json_bodies(data, url)
        return
    parser = lxml.etree.XMLParser(recover=True, resolve_entities=False, huge_tree=True)
    root = lxml.etree.fromstring(data, parser)
    for entry in root.iter("{*}item", "{*}entry") if root is not None else ():
        named = {child.tag: child for child in entry if isinstance(child.tag, str)}
        names = [
            " ".join(_inner(each).split()) for tag, each in named.items() if tag.endswith(("guid", "}id"))
        ]
        link = next((each for tag, each in named.items() if tag.endswith("link")), None)
        address = (link.get("href") or link.text or "").strip() if link is not None else ""
        names += [urljoin(url, address)] if address else []
        names += [" ".join((each.text or "").split()) for tag, each in named.items() if tag.endswith("title")]
        bodies = [
            each
            for end in ("}encoded", "}content", "}fullcontent", "description", "}summary")
            for tag, each in named.items()
            if tag.endswith(end) and "itunes" not in tag and "media" not in tag and "excerpt" not in tag
        ]
        html = next((_inner(each) for each in bodies if _inner(each).strip()), "")
        yield [name for name in names if name], body_of_html(html, urljoin(url, address))


def _json_bodies(data: bytes, url: str) -> Iterator[tuple[list[str], Body]]:
    for entry in orjson.loads(data).get("items", ()):
        base = urljoin(url, str(entry.get("url") or ""))
        html = str(entry.get("content_html") or entry.get("content_text") or "")
        yield [str(entry.get("id", "")), base], body_of_html(html, base)


def _inner(element: lxml.etree._Element) -> str:
    if element.get("type") == "xhtml" or len(element):
        return "".join(lxml.etree.tostring(child, encoding="unicode", method="html") for child in element)
    return element.text or ""


def _seen(html: str) -> HtmlElement | None:
    try:
        root = lxml.html.document_fromstring(f"<div>{html}</div>" if "<body" not in html else html.encode())
    except (ValueError, lxml.etree.LxmlError):
        return None
    for element in list(root.iter()):
        tag = element.tag if isinstance(element.tag, str) else "script"
        unseen = re.fullmatch(_UNSEEN, tag) or "hidden" in element.attrib
        if element.getparent() is not None and (unseen or _HIDDEN.search(element.get("style") or "")):
            element.drop_tree()
    return root


def _shown(element: HtmlElement) -> str:
    """Return an element's words; blocks and breaks part words, as they do on a screen."""
    inline = {
        "a",
        "b",
        "strong",
        "i",
        "em",
        "span",
        "u",
        "s",
        "sub",
        "sup",
        "mark",
        "font",
        "code",
        "abbr",
        "small",
    }
    parts = []
    for event, each in lxml.etree.iterwalk(element, events=("start", "end")):
        if each.tag not in inline:
            parts.append(" ")
        if event == "start":
            parts.append(each.text or "")
        elif each is not element:
            parts.append(each.tail or "")
    return "".join(parts)


def _is_link(link: HtmlElement) -> bool:
    address = (link.get("href") or "").strip()
    return bool(address) and not address.startswith(("#", "javascript:")) and bool(_shown(link).strip())


def _outward(link: str) -> bool:
    return urlsplit(link).scheme in ("http", "https", "mailto", "tel")


def _candidates(image: HtmlElement, base: str) -> frozenset[str]:
    if _SMALL.match(image.get("width") or "") or _SMALL.match(image.get("height") or ""):
        return frozenset()
    if re.search(r"\b(?:emoji|wp-smiley)\b", image.get("class") or ""):
        return frozenset()
    listed = [image.get(name, "") for name in _ADDRESSES]
    around = next(image.iterancestors("picture"), None)
    alike = [image, *(around.iter("source") if around is not None else ())]
    sets = [each.get(name, "") for each in alike for name in _SETS]
    listed += [part.split()[0] for each in sets for part in _SET.split(each) if part.strip()]
    whole = (urljoin(base, address.strip()) for address in listed if address.strip())
    return frozenset(each for each in whole if _outward(each) and not _COUNTERS.match(each))


def _in_order(body: Iterable[str], held: list[str]) -> int:
    matcher = difflib.SequenceMatcher(None, list(body), held, autojunk=False)
    return sum(block.size for block in matcher.get_matching_blocks())


def _words(text: str) -> list[str]:
    return _WORD.findall(text.casefold())


def _texts(item: Item) -> str:
    return f"{plain_text(item.blocks)} {' '.join(each.url for each in _embeds(item.blocks))}"


def _inside(blocks: Iterable[Block]) -> Iterator[Block]:
    for block in blocks:
        yield block
        for name in ("blocks", "figures"):
            yield from _inside(getattr(block, name, ()))
        for entry in getattr(block, "items", ()):
            yield from _inside(entry)


def _embeds(blocks: Iterable[Block]) -> list[Embed]:
    return [block for block in _inside(blocks) if isinstance(block, Embed)]


def _captions(blocks: Iterable[Block]) -> Iterator[str]:
    for block in _inside(blocks):
        match block:
            case Figure(_, caption, credit):
                yield f"{plain(caption)} {plain(credit)}"
            case Gallery(_, caption) | Embed(_, _, _, caption) | Table(_, caption):
                yield plain(caption)
            case _:
                continue


def _links(item: Item) -> set[str]:
    runs: list[Text] = list(texts(item.blocks))
    found = {run.href for text in runs for run in text if run.href}
    found |= {each.href for each in figures(item.blocks) if each.href}
    return found | {each.url for each in _embeds(item.blocks)} | _media(item)


def _media(item: Item) -> set[str]:
    shown: list[Media | None] = [item.picture, *(each.media for each in figures(item.blocks))]
    return {each.url for each in shown if each is not None and each.url}
