"""Pictures, players and frames of web HTML: which address is meant, and what is only a placeholder."""

from __future__ import annotations

import re
from collections.abc import Iterator
from urllib.parse import parse_qs, urljoin, urlsplit

from lxml.html import HtmlElement

from bot.model.content import Embed, Media, MediaKind, Text
from bot.sources.furniture import is_counter
from bot.sources.runs import one_line

_LAZY = ("data-src", "data-lazy-src", "data-original", "data-orig-file", "data-large-file", "data-image")
_LAZY_SETS = ("data-srcset", "data-lazy-srcset")
_PLACEHOLDER = re.compile(
    r"(?:placeholder|spacer|blank|transparent|1x1|lazy[_-]?load)[\w.-]*$", re.IGNORECASE
)
_CANDIDATE = re.compile(r"\s*(\S*[^\s,])(?:\s+([\d.]+)[wx])?\s*(?:,|$)")
_WIDEST = 2560
_PROVIDERS = {
    "youtube.com": "YouTube",
    "youtube-nocookie.com": "YouTube",
    "youtu.be": "YouTube",
    "vimeo.com": "Vimeo",
    "rutube.ru": "RuTube",
    "vk.com": "VK",
    "vk.ru": "VK",
    "vkvideo.ru": "VK",
    "ok.ru": "OK",
    "dzen.ru": "Dzen",
    "t.me": "Telegram",
    "twitter.com": "X",
    "x.com": "X",
    "instagram.com": "Instagram",
    "facebook.com": "Facebook",
    "tiktok.com": "TikTok",
    "soundcloud.com": "SoundCloud",
    "spotify.com": "Spotify",
}


def absolute(url: str | None, base: str | None) -> str | None:
    """Return the whole http or https address that a page at `base` means, None where it means none."""
    try:
        whole = urljoin(base or "", (url or "").strip())
        parts = urlsplit(whole)
        return whole if parts.scheme in ("http", "https") and parts.hostname else None
    except ValueError:
        return None


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


def player(element: HtmlElement, base: str | None) -> Media | None:
    """Return what a `<video>` or `<audio>` plays."""
    kind = MediaKind.VIDEO if element.tag == "video" else MediaKind.AUDIO
    addresses = [element.get("src"), *(source.get("src") for source in element.iter("source"))]
    url = next(filter(None, (absolute(address, base) for address in addresses)), None)
    if url is None:
        return None
    return Media(kind, url, width=_side(element, "width"), height=_side(element, "height"))


def embed(url: str | None, title: str, base: str | None, caption: Text = ()) -> Embed | None:
    """Return something shown from elsewhere, by the address that a person would open."""
    whole = absolute(url, base)
    if whole is None:
        return None
    host = (urlsplit(whole).hostname or "").removeprefix("www.")
    provider = next(
        (name for site, name in _PROVIDERS.items() if host == site or host.endswith("." + site)), host
    )
    return Embed(_watchable(whole, provider), one_line(title), provider, caption)


def _watchable(url: str, provider: str) -> str:
    parts = urlsplit(url)
    if provider == "YouTube" and (found := re.match(r"/embed/([\w-]{6,20})", parts.path)):
        start = parse_qs(parts.query).get("start", [""])[0]
        return f"https://www.youtube.com/watch?v={found[1]}" + (f"&t={start}s" if start.isdecimal() else "")
    if provider == "Vimeo" and (found := re.match(r"/video/(\d+)", parts.path)):
        return f"https://vimeo.com/{found[1]}"
    return url


def _addresses(element: HtmlElement) -> Iterator[str]:
    for name in _LAZY:
        if value := element.get(name):
            yield value
    for name in _LAZY_SETS:
        yield from _best(element.get(name, ""))
    source = element.get("src", "")
    if source and not _PLACEHOLDER.search(urlsplit(source).path):
        yield source
    yield from _best(element.get("srcset", ""))
    parent = element.getparent()
    if parent is not None and parent.tag == "picture":
        for other in parent.iter("source"):
            yield from _best(other.get("data-srcset") or other.get("srcset") or "")


def _best(srcset: str) -> list[str]:
    """Return the candidates of a `srcset`, the widest that is not too wide first."""
    found = [(match[1], float(match[2] or 1)) for match in _CANDIDATE.finditer(srcset) if match[1]]
    return [url for url, width in sorted(found, key=lambda each: (each[1] <= _WIDEST, each[1]), reverse=True)]


def _side(element: HtmlElement, name: str) -> int | None:
    value = re.match(r"\s*(\d{1,5})(?:px)?\s*$", element.get(name, ""))
    return int(value[1]) if value else None
