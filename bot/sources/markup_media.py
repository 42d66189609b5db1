"""Pictures and players of web HTML: which address is meant, and what is only a placeholder."""

from __future__ import annotations

import re
from collections.abc import Iterator
from urllib.parse import urljoin, urlsplit

from lxml.html import HtmlElement

from bot.model.content import Media, MediaKind
from bot.sources.furniture import is_counter
from bot.sources.runs import one_line

# The attributes of lazy loaders, and of Jetpack's carousel, that hold the whole picture.
_LAZY = ("data-src", "data-lazy-src", "data-original", "data-orig-file", "data-large-file", "data-image")
_LAZY_SETS = ("data-srcset", "data-lazy-srcset")
_PLACEHOLDER = re.compile(
    r"(?:placeholder|spacer|blank|transparent|1x1|lazy[_-]?load)[\w.-]*$", re.IGNORECASE
)
_CANDIDATE = re.compile(r"\s*(\S*[^\s,])(?:\s+(\d+(?:\.\d+)?)[wx])?\s*(?:,|$)")
_BACKGROUND = re.compile(r"background(?:-image)?\s*:[^;]*url\(\s*['\"]?([^'\")]+)", re.IGNORECASE)
_PICTURE_NAME = re.compile(r"\.(?:jpe?g|png|webp|gif|avif)$", re.IGNORECASE)
_LONGEST_SET = 10_000
# Telegram draws no photo wider; what is wider only costs time.
_WIDEST = 2560


def absolute(url: str | None, base: str | None) -> str | None:
    """Return the whole http or https address that a page at `base` means, None where it means none."""
    if not url or not url.strip():
        return None
    try:
        whole = urljoin(base or "", url.strip())
        parts = urlsplit(whole)
        return whole if parts.scheme in ("http", "https") and parts.hostname else None
    except ValueError:
        return None


def link_target(address: str, base: str | None) -> str | None:
    """Return where a link leads: a page, a mailbox or a telephone; None for anything else."""
    if not address or address == "#":
        return None
    scheme, _, rest = address.partition(":")
    if scheme.lower() in ("mailto", "tel"):
        return f"{scheme.lower()}:{rest}" if rest.strip() else None
    return absolute(address, base)


def is_picture(url: str) -> bool:
    """Return whether an address is a picture's, by its name."""
    return bool(_PICTURE_NAME.search(urlsplit(url).path))


def picture(element: HtmlElement, base: str | None) -> Media | None:
    """Return the picture of an `<img>`; None for a counter, and where no address can be had."""
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


def background(element: HtmlElement) -> str | None:
    """Return the address, as written, of the picture that an element's style sets behind it."""
    found = _BACKGROUND.search(element.get("style", ""))
    return found[1] if found else None


def player(element: HtmlElement, base: str | None) -> Media | None:
    """Return what a `<video>` or `<audio>` plays."""
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
    for name in _LAZY_SETS:
        yield from best_of(element.get(name, ""))
    for name in _LAZY:
        if value := element.get(name):
            yield value
    yield from best_of(element.get("srcset", ""))
    source = element.get("src", "")
    if source and not _PLACEHOLDER.search(urlsplit(source).path):
        yield source
    # libxml2 nests what HTML says is empty: the picture may stand inside its own sources.
    if (around := next(element.iterancestors("picture"), None)) is not None:
        for other in around.iter("source"):
            yield from best_of(other.get("data-srcset") or other.get("srcset") or "")


def best_of(srcset: str) -> list[str]:
    """Return the candidates of a `srcset`, the widest that is not too wide first."""
    listed = " ".join(srcset[:_LONGEST_SET].split())
    found = [(match[1], float(match[2] or 1)) for match in _CANDIDATE.finditer(listed) if match[1]]
    ordered = sorted(found, key=lambda each: (each[1] <= _WIDEST, each[1]), reverse=True)
    return [url for url, _ in ordered if not url.startswith("data:")]


def _side(element: HtmlElement, name: str) -> int | None:
    value = re.match(r"\s*(\d{1,5})(?:px)?\s*$", element.get(name, ""))
    return int(value[1]) if value else None
