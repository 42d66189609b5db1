"""The addresses of pictures and players in web HTML; placeholders and counters are left out."""

from __future__ import annotations

import re
from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass
from urllib.parse import urlsplit

from lxml.html import HtmlElement

from bot.model.story.content import Media, MediaKind
from bot.sources.html.boilerplate import is_counter
from bot.sources.html.styles import said
from bot.sources.text.links import absolute
from bot.sources.text.plain import one_line

# The attributes of lazy loaders, and of Jetpack's carousel, that hold the whole picture.
_LAZY = ("data-src", "data-lazy-src", "data-original", "data-orig-file", "data-large-file", "data-image")
# What the names of other loaders' attributes hold, of which there are dozens.
_LAZY_NAMES = re.compile(r"^data-.{0,30}(?:src|original|lazy|img|image|echo|url|full)", re.IGNORECASE)
_LAZY_SETS = ("data-srcset", "data-lazy-srcset")
_PLACEHOLDER = re.compile(
    r"(?:placeholder|spacer|blank|transparent|1x1|lazy[_-]?load)[\w.-]*$", re.IGNORECASE
)
_PICTURE_NAME = re.compile(r"\.(?:jpe?g|png|webp|gif|avif)$", re.IGNORECASE)
_SIZE = re.compile(r"(\d{1,6}(?:\.\d{1,6})?)[wx]")
_LONGEST_SET = 10_000
_LONGEST_NAME = 200
_LONGEST_EMOJI = 12
# Telegram draws no photo wider; what is wider only costs time.
_WIDEST = 2560


def link_target(address: str, base: str | None) -> str | None:
    """Return a link's address: a page, `mailto:` or `tel:`; None for any other scheme."""
    if not address or address == "#":
        return None
    scheme, _, rest = address.partition(":")
    if scheme.lower() in ("mailto", "tel"):
        return f"{scheme.lower()}:{rest}" if rest.strip() else None
    return absolute(address, base)


def is_picture(url: str) -> bool:
    """Return whether an address ends like a picture's file name."""
    return bool(_PICTURE_NAME.search(urlsplit(url).path))


def is_emoji(element: HtmlElement) -> bool:
    """Return whether an `<img>` stands for a letter of its text: an emoji that an engine drew."""
    alt = element.get("alt", "").strip()
    return 0 < len(alt) <= _LONGEST_EMOJI and not alt.isascii() and "emoji" in element.get("src", "").lower()


def picture(element: HtmlElement, base: str | None) -> Media | None:
    """Return the picture of an `<img>`; None for a counter or a picture without an address."""
    width, height = _side(element, "width"), _side(element, "height")
    for address in _addresses(element):
        url = absolute(address, base)
        if url:
            if is_counter(url, width, height):
                return None
            return Media(
                MediaKind.PICTURE, url, alt=one_line(element.get("alt", "")), width=width, height=height
            )
    return None


def sourced(element: HtmlElement, base: str | None) -> Media | None:
    """Return the picture of a `<picture>` that holds no `<img>`: the largest of its sources."""
    found = [
        each
        for source in element.iter("source")
        for each in offers(source.get("srcset") or source.get("src") or "")
    ]
    url = next(filter(None, (absolute(each.url, base) for each in _largest_first(found))), None)
    return Media(MediaKind.PICTURE, url) if url else None


def player(element: HtmlElement, base: str | None) -> Media | None:
    """Return the media of a `<video>` or `<audio>`, None without an address."""
    kind = MediaKind.VIDEO if element.tag == "video" else MediaKind.AUDIO
    addresses = [element.get("src"), element.get("data-src")]
    addresses += [source.get("src") for source in element.iter("source")]
    url = next(filter(None, (absolute(address, base) for address in addresses)), None)
    if url is None:
        return None
    poster = absolute(element.get("poster"), base) if element.get("poster") else None
    return Media(kind, url, width=_side(element, "width"), height=_side(element, "height"), poster=poster)


def _addresses(element: HtmlElement) -> Iterator[str]:
    """Yield the addresses of a picture, the best first: the largest that is not too wide."""
    told = [offer for name in _LAZY_SETS for offer in offers(element.get(name, ""))]
    whole = [value for name in _LAZY if (value := element.get(name))]
    listed = offers(element.get("srcset", ""))
    around = _sources(element)
    sized = _largest_first([each for each in (*told, *listed, *around) if each.width and not whole])
    yield from (each.url for each in sized)
    yield from (each.url for each in _largest_first(told))
    yield from whole
    yield from (each.url for each in _largest_first(listed))
    source = element.get("src", "")
    if source and not _is_placeholder(source):
        yield source
    yield from (each.url for each in _largest_first(around))
    yield from (
        value
        for name, value in element.items()
        if _LAZY_NAMES.match(str(name)) and is_picture(str(value).strip())
    )


@dataclass(frozen=True, slots=True)
class Offer:
    """One address of a picture that comes in several sizes; `width` in pixels, 0 where it is unknown."""

    url: str
    width: float = 0
    density: float = 1


def offers(srcset: str) -> list[Offer]:
    """Return the candidates of a `srcset` in its order, read as the HTML standard says (4.8.4.3.10)."""
    found = []
    words = deque(srcset[:_LONGEST_SET].split())
    while words:
        url, size, ends = words.popleft(), "", ""
        if not url.endswith(","):
            while words and not ends:
                word, ends, rest = words.popleft().partition(",")
                size += word
                words.extendleft([rest] if rest else [])
        url = url.strip(",")
        if url and not url.startswith("data:"):
            number = _SIZE.match(size)
            value = float(number[1]) if number else 0
            found.append(Offer(url, value if size[-1:] == "w" else 0, value if size[-1:] == "x" else 1))
    return found


def _largest_first(found: list[Offer]) -> list[Offer]:
    return sorted(found, key=lambda each: (each.width <= _WIDEST, each.width, each.density), reverse=True)


def _sources(element: HtmlElement) -> list[Offer]:
    """Return what the sources of the `<picture>` around an `<img>` offer."""
    # libxml2 nests what HTML says is empty: the picture may stand inside its own sources.
    around = next(element.iterancestors("picture"), None)
    if around is None:
        return []
    return [
        offer
        for other in around.iter("source")
        for offer in offers(other.get("data-srcset") or other.get("srcset") or "")
    ]


def _is_placeholder(source: str) -> bool:
    name = urlsplit(source).path.rpartition("/")[2]
    return bool(_PLACEHOLDER.search(name[-_LONGEST_NAME:]))


def _side(element: HtmlElement, name: str) -> int | None:
    written, styled = element.get(name, ""), said(element.get("style", ""), name)
    # A picture that grows with its place may have a width of nothing in its style.
    for value in (written, styled if styled.strip(" px0") else ""):
        if number := re.match(r"\s{0,9}(\d{1,5})(?:px)?\s{0,9}(?:!important\s{0,9})?$", value):
            return int(number[1])
    return None
