"""Media RSS, an item's own image, and Yandex's full texts: what feedparser can't read of a feed's entries.

The specification is rssboard.org/media-rss. feedparser flattens its groups, takes a picture's description for
the story's and an image's title for the headline, and knows no `yandex:full-text` (news.yandex.ru) and no
`turbo:content` (turbo.yandex.ru). So these elements are read here, and taken out before feedparser sees them.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

import lxml.etree
from lxml.etree import _Element as Element

from bot.model.story.content import Blocks, Embed, Figure, Media, MediaKind, Run, Text
from bot.sources.html.blocks import plain_line, to_blocks, to_text
from bot.sources.html.embeds import embed
from bot.sources.html.escapes import escaped, said_plainly
from bot.sources.html.media import is_picture
from bot.sources.text.links import absolute

# The second one is what many feeds write, against the specification.
NAMESPACES = ("http://search.yahoo.com/mrss/", "http://search.yahoo.com/mrss")
_ENTRIES = ("{*}item", "{*}entry")
_WIDEST = 2560
# A story shows no more, and each is looked for among all that the entry holds.
_MOST = 100
# Full texts as Russian and other engines write them, in whatever namespace: yandex, rambler, mailru, none.
_FULL = ("fulltext", "fullcontent")
_FULL_IN = {"content": "turbo.yandex.ru"}
# Images of an item that no standard knows; named by what is left of a name without hyphens and case.
_IMAGES = (
    "image",
    "thumbnail",
    "img",
    "imageurl",
    "featuredimage",
    "postthumbnail",
    "thumb",
    "picture",
    "photo",
)
_SIGNS = re.compile(
    r"mrss|<(?:[\w-]{1,40}:)?(?:image|thumb|img|featured|post-thumb|picture|photo|full[-_]?(?:text|content)|encoded[\s>])"
    r"|turbo\.yandex\.ru|<itunes:image",
    re.IGNORECASE,
)
# An author's portrait stands for the author, not for the story.
_PORTRAIT = re.compile(r"^https?://(?:[\w-]{1,20}\.)?gravatar\.com/avatar/", re.IGNORECASE)
_TAKEN = "taken-out"
_CREDIT = "credit", "copyright"


@dataclass(frozen=True, slots=True)
class EntryMedia:
    """The media of an entry. `title` and `words` are the entry's where they belong to no picture.

    `thumbnail` is the largest small picture, else the entry's image; `texts` are full texts, HTML or lines.
    """

    figures: tuple[Figure, ...] = ()
    thumbnail: Media | None = None
    embeds: tuple[Embed, ...] = ()
    title: str = ""
    words: Blocks = ()
    texts: tuple[str, ...] = ()


@dataclass(slots=True)
class _Object:
    """One thing to show, in one or several versions."""

    versions: list[Element]
    around: list[Element] = field(default_factory=list)


def take_media(document: str, base: str) -> tuple[str, list[EntryMedia]]:
    """Return an XML document without Media RSS, and the media of each of its entries, in order.

    A document without Media RSS, or not well-formed, comes back unchanged with an empty list.
    """
    if not _SIGNS.search(document):
        return document, []
    parser = lxml.etree.XMLParser(resolve_entities=False, no_network=True, huge_tree=True)
    try:
        root = lxml.etree.fromstring(document.encode(), parser)
    except (lxml.etree.XMLSyntaxError, ValueError):
        return document, []
    _rename(root)
    entries = list(root.iter(*_ENTRIES))
    found = [_entry(entry, base) for entry in entries]
    for read in [each for entry in entries for each in (*_images(entry), *_full_texts(entry))]:
        read.tag = _TAKEN
    lxml.etree.strip_elements(root, _TAKEN, *(f"{{{name}}}*" for name in NAMESPACES), with_tail=False)
    return lxml.etree.tostring(root, encoding="unicode"), found


def _rename(root: Element) -> None:
    """Give elements of Media RSS under a misspelled address of the namespace the right one."""
    for each in root.iter(
        "{*}content", "{*}thumbnail", "{*}group", "{*}description", "{*}title", "{*}credit"
    ):
        space, _, name = str(each.tag).rpartition("}")
        if "mrss" in space and space[1:] not in NAMESPACES:
            each.tag = f"{{{NAMESPACES[0]}}}{name}"


def _called(element: Element) -> str:
    return str(element.tag).rpartition("}")[2].lower().replace("-", "").replace("_", "")


def _full_texts(entry: Element) -> list[Element]:
    """Return the elements that hold an entry's full text and that feedparser does not know."""
    return [
        each
        for each in entry.iterchildren(tag=lxml.etree.Element)
        if (name := _called(each)) in _FULL
        or (name == "encoded" and not str(each.tag).startswith("{"))
        or (name in _FULL_IN and _FULL_IN[name] in str(each.tag))
    ]


def _images(entry: Element) -> list[Element]:
    """Return the elements that name an entry's own image, those of Media RSS aside."""
    return [
        each
        for each in entry.iterchildren(tag=lxml.etree.Element)
        if _called(each) in _IMAGES and not any(space in str(each.tag) for space in NAMESPACES)
    ]


def _entry(entry: Element, base: str) -> EntryMedia:
    figures = [figure for each in _objects(entry) if (figure := _figure(each, base))]
    players = (absolute(each.get("url"), base) for each in _all(entry, "player"))
    own = (entry, *_children(entry, "group"))
    title = next((words for each in own if (words := _said(each, ["title"]))), "")
    embeds = [found for url in players if (found := embed(url, title))]
    told = next((blocks for each in own if (blocks := _paragraphs(_child(each, "description")))), ())
    pictured = any(figure.media.kind is MediaKind.PICTURE for figure in figures)
    return EntryMedia(
        tuple(figures),
        _largest(_all(entry, "thumbnail"), base) or _image(entry, base),
        tuple(embeds),
        title or next((words for each in _all(entry, "title") if (words := _words(each))), ""),
        () if pictured else told,
        tuple(text for each in _full_texts(entry) if (text := _inside(each).strip())),
    )


def _image(entry: Element, base: str) -> Media | None:
    """Return the picture that an item's own `<image>` names: a url below, a `href`, a `src`, or mere text."""
    for image in _images(entry):
        below = next(image.iterchildren("{*}url"), None)
        named = (
            image.get("href")
            or image.get("url")
            or image.get("src")
            or (image if below is None else below).text
        )
        if url := absolute(named, base):
            return Media(MediaKind.PICTURE, url)
    return None


def _inside(element: Element) -> str:
    """Return an element's text, with the markup that stands in it unescaped."""
    return (element.text or "") + "".join(lxml.etree.tostring(child, encoding="unicode") for child in element)


def _largest(thumbnails: list[Element], base: str) -> Media | None:
    found = [(each, url) for each in thumbnails if (url := absolute(each.get("url"), base))]
    if not found:
        return None
    best, url = max(found, key=lambda each: (_number(each[0], "width") <= _WIDEST, _number(each[0], "width")))
    return Media(
        MediaKind.PICTURE,
        url,
        width=_number(best, "width") or None,
        height=_number(best, "height") or None,
    )


def _objects(entry: Element) -> Iterator[_Object]:
    """Yield what an entry shows: a group is one thing, contents beside it are one where nothing tells them apart."""
    for group in _children(entry, "group")[:_MOST]:
        by_kind: dict[str, list[Element]] = {}
        for each in _children(group, "content"):
            by_kind.setdefault(_kind(each) or "", []).append(each)
        for versions in by_kind.values():
            yield _Object(versions, [group, entry])
    alike: dict[tuple[str, str], list[Element]] = {}
    for number, each in enumerate(_children(entry, "content")[:_MOST]):
        kind = _kind(each) or ""
        told = _said(each, ["description", "title"])
        alike.setdefault((kind, told if kind == MediaKind.PICTURE else str(number)), []).append(each)
    for versions in alike.values():
        yield _Object(versions, [entry])


def _figure(shown: _Object, base: str) -> Figure | None:
    """Return the largest version that is not too large, under its own words, else those around it."""
    usable = [
        each
        for each in shown.versions
        if _kind(each) and (url := absolute(each.get("url"), base)) and not _PORTRAIT.match(url)
    ]
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
    found = (_largest(_children(place, "thumbnail"), base) for place in places)
    return next((each.url for each in found if each), None)


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
    html = element.get("type", "plain") == "html"
    return to_text(said_plainly(element.text)) if html else plain_line(element.text)


def _paragraphs(element: Element | None) -> Blocks:
    """Return a description with its paragraphs and line breaks."""
    if element is None or not element.text:
        return ()
    html = said_plainly(element.text if element.get("type") == "html" else escaped(element.text))
    if "<" not in html:
        html = re.sub(r"\n[ \t\r]*(?=\n)", "<p>", html.strip()).replace("\n", "<br>")
    return to_blocks(f"<p>{html}")


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
