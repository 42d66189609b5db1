"""Addresses as sources write them, spelled as browsers spell them."""

from __future__ import annotations

import re
from urllib.parse import quote, urljoin, urlsplit, urlunsplit

from yarl import URL

_LEFT_OUT = re.compile(r"[\t\r\n]")
_PLAIN = re.compile(r"[!#$%&'()*+,./:;=?@\w~\[\]-]*", re.ASCII)
_NO_HOST = re.compile(r"[\s\"<>\\^`{|}]")
# What may stand in an address as it is, an escape's percent sign included.
_KEPT = "!$%&'()*+,/:;=?@~[]"
_LONGEST = 8_000
# Slips of engines and of hands: another scheme before the scheme, a slash too few, backslashes, a host alone.
_SCHEME_TWICE = re.compile(r"^https?:/{0,2}(?=https?:/)", re.IGNORECASE)
_FEW_SLASHES = re.compile(r"^(https?):/?(?=[^/\\])", re.IGNORECASE)
_BACKSLASHES = re.compile(r"https?:\\\\", re.IGNORECASE)
_HOST_ALONE = re.compile(r"www\.[\w-]{1,60}\.\w", re.IGNORECASE)
_ANCHOR = re.compile(r"""<a\s[^<>]{0,500}?href\s*=\s*["']?([^"'<>\s]+)""", re.IGNORECASE)


def joined(url: str | None, base: str | None) -> str | None:
    """Return the whole http or https address that `url` means on a page at `base`, as written; None for any other."""
    if not url or len(url) > _LONGEST or not url.strip():
        return None
    try:
        whole = urljoin(base or "", _without_slips(url.strip()))
        parts = urlsplit(whole)
        return whole if parts.scheme in ("http", "https") and parts.hostname else None
    except ValueError:
        return None


def _without_slips(url: str) -> str:
    if url.startswith("<") and (anchor := _ANCHOR.match(url)):
        url = anchor[1]
    if _BACKSLASHES.match(url):
        url = url.replace("\\", "/")
    if _HOST_ALONE.match(url):
        return f"https://{url}"
    return (
        _FEW_SLASHES.sub(r"\1://", _SCHEME_TWICE.sub("", url, count=1), count=1)
        if url[:4].lower() == "http"
        else url
    )


def absolute(url: str | None, base: str | None) -> str | None:
    """Return the address as `joined` does, with spaces, quotes and letters of other scripts percent-encoded."""
    whole = joined(_LEFT_OUT.sub("", url) if url else url, base)
    return _spelled(whole) if whole else None


def _spelled(whole: str) -> str | None:
    # A feed that was escaped once too often; an address never says this.
    whole = whole.replace("&amp;", "&")
    if _PLAIN.fullmatch(whole):
        return whole
    try:
        parts = urlsplit(whole)
        if _NO_HOST.search(parts.netloc):
            return None
        host = parts.netloc if parts.netloc.isascii() else _in_ascii(parts.netloc)
        path, query, anchor = (
            quote(part, safe=_KEPT) for part in (parts.path.replace("\\", "/"), parts.query, parts.fragment)
        )
        return urlunsplit((parts.scheme, host, path, query, anchor))
    except (ValueError, UnicodeError):
        return None


def _in_ascii(place: str) -> str:
    return URL(f"//{place}").raw_authority
