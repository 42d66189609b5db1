"""Tells which links Telegram keeps, and makes hashtags."""

from __future__ import annotations

import re
from urllib.parse import unquote, urlsplit

from bot.rendering.text.spans import clean

_LONGEST = 2_048
_HOST = re.compile(r"[\w-]+(?:\.[\w-]+)+\.?")


def safe_url(url: str | None) -> str | None:
    """Return the URL if Telegram keeps a link to it, else None: http(s), a host with a dot, not too long.

    Telegram drops other links silently and turns `mailto:` into `http://mailto:…` (checked with TDLib's
    parser); `address_of` is for `mailto:` and `tel:`.
    """
    if not url or len(url) > _LONGEST or clean(url) != url or re.search(r"[\s<>\"]", url):
        return None
    try:
        parts = urlsplit(url)
        host, port = parts.hostname or "", parts.port
    except ValueError:
        return None
    if parts.scheme.lower() not in ("http", "https") or not _HOST.fullmatch(host) or port == 0:
        return None
    return url


def address_of(url: str | None) -> str | None:
    """Return the address or number of a `mailto:` or `tel:` link, which Telegram links by itself."""
    scheme, _, rest = (url or "").partition(":")
    if scheme.lower() not in ("mailto", "tel"):
        return None
    return clean(unquote(rest.partition("?")[0])).strip() or None


def hashtag(name: str) -> str:
    """Return the name as one hashtag: `Мировая политика` -> `#МироваяПолитика`; empty without letters.

    A tag ends at anything but letters, digits and the underscore, and must have a letter.
    """
    words = re.findall(r"\w+", clean(name))
    joined = "".join(word[:1].upper() + word[1:] for word in words)
    return f"#{joined}" if re.search(r"[^\W\d_]", joined) else ""
