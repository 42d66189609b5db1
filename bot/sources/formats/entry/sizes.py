"""Knows one picture in several sizes by its addresses, as sites and their image servers write them."""

from __future__ import annotations

import re
from urllib.parse import parse_qsl, urlencode, urlsplit

from bot.model.story.content import Media

WIDEST = 2560
# WordPress writes the size into the name; the original has none, or says `-scaled`.
_NAMED = re.compile(r"[-_](?:(\d{2,4})x(\d{2,4})|scaled)(?=\.\w{3,4}$)")
_WIDTHS = ("w", "width", "imwidth", "maxwidth")
_LOOKS = {
    *_WIDTHS, "auto", "crop", "dpr", "fit", "fm", "format", "h", "height", "impolicy", "q", "quality",
    "resize", "size", "ssl", "strip",
}  # fmt: skip


def same(url: str) -> str:
    """Return what all sizes of a picture have in common."""
    parts = urlsplit(url)
    others = [
        each for each in parse_qsl(parts.query, keep_blank_values=True) if each[0].lower() not in _LOOKS
    ]
    return f"{parts.hostname}{_NAMED.sub('', parts.path)}?{urlencode(others)}"


def breadth(media: Media) -> tuple[bool, int]:
    """Return how large a picture is, to compare sizes: not too wide comes before wide, an original before a copy."""
    parts = urlsplit(media.url or "")
    asked = dict(parse_qsl(parts.query))
    named = _NAMED.search(parts.path)
    numbers = [asked.get(name, "") for name in _WIDTHS] + [(named[1] or "") if named else ""]
    told = media.width or next((int(each) for each in numbers if each.isdecimal() and len(each) < 6), WIDEST)
    return told <= WIDEST, told
