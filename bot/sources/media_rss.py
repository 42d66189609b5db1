"""Media RSS: pictures and players of a feed's entries with their captions and credits.

The specification is rssboard.org/media-rss. feedparser flattens its groups and takes a picture's
description for the story's, so the elements are read here, and taken out before feedparser sees them.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

import lxml.etree
from lxml.etree import _Element as Element

from bot.model.content import Embed, Figure, Media, MediaKind, Run, Text
from bot.sources.embeds import embed
from bot.sources.markup import to_text
from bot.sources.markup_media import absolute, is_picture
from bot.sources.runs import one_line

# The second one is what many feeds write, against the specification.
NAMESPACES = ("http://search.yahoo.com/mrss/", "http://search.yahoo.com/mrss")
_ENTRIES = ("{*}item", "{*}entry")
_WIDEST = 2560
_CREDIT = "credit", "copyright"


@dataclass(frozen=True, slots=True)
class EntryMedia:
    """What an entry shows. `words` is its description where that belongs to no picture."""

    figures: tuple[Figure, ...] = ()
    thumbnail: str | None = None
    embeds: tuple[Embed, ...] = ()
    words: str = ""


@dataclass(slots=True)
class _Object:
    """One thing to show, in one or several versions."""

    versions: list[Element]
    around: list[Element] = field(default_factory=list)


def take_media(document: str, base: str) -> tuple[str, list[EntryMedia]]:
    """Return an XML document without Media RSS, and what each of its entries shows, in order.

    The document comes back as it was, with nothing, where it has none or is not well-formed.
    """
    if not any(name in document for name in NAMESPACES):
        return document, []
    parser = lxml.etree.XMLParser(resolve_entities=False, no_network=True, huge_tree=True)
    try:
        root = lxml.etree.fromstring(document.encode(), parser)
    except (lxml.etree.XMLSyntaxError, ValueError):
        return document, []
    found = [_entry(entry, base) for entry in root.iter(*_ENTRIES)]
    for element in [each for name in NAMESPACES for each in root.iter(f"{{{name}}}*")]:
        _take_out(element)
    return lxml.etree.tostring(root, encoding="unicode"), found


def _entry(entry: Element, base: str) -> EntryMedia:
    shown = list(_objects(entry))
    figures = [figure for each in shown if (figure := _figure(each, base))]
    thumbnail = next(
        filter(None, (absolute(each.get("url"), base) for each in _all(entry, "thumbnail"))), None
    )
    players = (absolute(each.get("url"), base) for each in _all(entry, "player"))
    embeds = [found for url in players if (found := embed(url, _said(entry, ["title"])))]
    own = (entry, *_children(entry, "group"))
    words = next((words for each in own if (words := _words(_child(each, "description")))), "")
    pictured = any(figure.media.kind is MediaKind.PICTURE for figure in figures)
    return EntryMedia(tuple(figures), thumbnail, tuple(embeds), "" if pictured else words)


def _objects(entry: Element) -> Iterator[_Object]:
    """Yield what an entry shows: a group is one thing, contents beside it are one where nothing tells them apart."""
    for group in _children(entry, "group"):
        by_kind: dict[str, list[Element]] = {}
        for each in _children(group, "content"):
            by_kind.setdefault(_kind(each) or "", []).append(each)
        for versions in by_kind.values():
            yield _Object(versions, [group, entry])
    alike: dict[tuple[str, str], list[Element]] = {}
    for number, each in enumerate(_children(entry, "content")):
        kind = _kind(each) or ""
        told = _said(each, ["description", "title"])
        alike.setdefault((kind, told if kind == MediaKind.PICTURE else str(number)), []).append(each)
    for versions in alike.values():
        yield _Object(versions, [entry])


def _figure(shown: _Object, base: str) -> Figure | None:
    """Return the largest version that is not too large, under its own words, else those around it."""
    usable = [each for each in shown.versions if _kind(each) and absolute(each.get("url"), base)]
    if not usable:
        return None
    best = max(usable, key=lambda each: (_number(each, "width") <= _WIDEST, _number(each, "width")))
    kind = MediaKind(_kind(best) or MediaKind.FILE)
    media = Media(
        kind,
        absolute(best.get("url"), base),
        width=_number(best, "width") or None,
        height=_number(best, "height") or None,
        poster=_poster([best, *shown.around], base) if kind is MediaKind.VIDEO else None,
    )
    places = [*usable, *shown.around] if kind is MediaKind.PICTURE else usable
    caption = next((words for each in places if (words := _words(_child(each, "description")))), "")
    credit = next((words for each in places if (words := ", ".join(_credits(each)))), "")
    return Figure(media, _text(caption), _text(credit))


def _poster(places: Iterable[Element], base: str) -> str | None:
    thumbnails = (each for place in places for each in _children(place, "thumbnail"))
    return next(filter(None, (absolute(each.get("url"), base) for each in thumbnails)), None)


def _kind(content: Element) -> str | None:
    """Return a MediaKind's value, None for what can't be shown by its address."""
    medium, mime = content.get("medium", ""), content.get("type", "")
    said = mime.partition("/")[0] if "/" in mime else medium
    if "flash" in mime or mime == "text/html":
        return None
    kinds = {"image": MediaKind.PICTURE, "video": MediaKind.VIDEO, "audio": MediaKind.AUDIO}
    if kind := kinds.get(said) or kinds.get(medium):
        return kind
    unsaid = not said and (is_picture(content.get("url", "")) or content.get("width"))
    return MediaKind.PICTURE if unsaid else None


def _credits(place: Element) -> Iterator[str]:
    for name in _CREDIT:
        found = [words for each in _children(place, name) if (words := _words(each))]
        if found:
            yield from dict.fromkeys(found)
            return


def _said(place: Element, names: list[str]) -> str:
    return next((words for name in names if (words := _words(_child(place, name)))), "")


def _words(element: Element | None) -> str:
    if element is None or not element.text:
        return ""
    return to_text(element.text) if element.get("type", "plain") == "html" else one_line(element.text)


def _text(words: str) -> Text:
    return (Run(words),) if words else ()


def _number(element: Element, name: str) -> int:
    value = element.get(name, "").strip()
    return int(value) if value.isascii() and value.isdecimal() and len(value) < 6 else 0


def _children(place: Element, name: str) -> list[Element]:
    return [each for namespace in NAMESPACES for each in place.iterchildren(f"{{{namespace}}}{name}")]


def _child(place: Element, name: str) -> Element | None:
    return next(iter(_children(place, name)), None)


def _all(place: Element, name: str) -> list[Element]:
    return [each for namespace in NAMESPACES for each in place.iter(f"{{{namespace}}}{name}")]


def _take_out(element: Element) -> None:
    above = element.getparent()
    if above is None:
        return
    before = element.getprevious()
    if element.tail and before is not None:
        before.tail = (before.tail or "") + element.tail
    elif element.tail:
        above.text = (above.text or "") + element.tail
    above.remove(element)
