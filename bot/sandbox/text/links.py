"""Links as Telegram keeps them: the rules of TDLib's `LinkManager` and `HttpUrl`."""

from __future__ import annotations

import ipaddress
import re

_SCHEME = re.compile(rb"([^:/?#@\[\]]*)://")
_APP_LINK = re.compile(rb"(tg|ton|tonsite):(?://)?", re.IGNORECASE)
_PART = rb"(?:[A-Za-z0-9._!$,~*'();&+=\-\x80-\xff%s]|%%[0-9A-Fa-f]{2})*\Z"
_HOST = re.compile(_PART % b"")
_USER_INFO = re.compile(_PART % b":")
_APP_HOST = re.compile(rb"[A-Za-z0-9_\-]*\Z")
_SITE_HOST = re.compile(rb"[A-Za-z0-9_.\-]*\Z")
_PORT = re.compile(rb"\+?-?0*([0-9]+)\Z")
_SPACES = b" \t\n\r\v\0"
_USER_LINK = re.compile(rb"tg:(?://)?user/?\?([^#]*)")


def checked_link(link: bytes) -> bytes:
    """Return the link as Telegram stores it, empty where it drops it.

    Dropped are hosts without a dot, and schemes other than http, https, tg, ton and tonsite.
    """
    if app := _APP_LINK.match(link):
        return _checked_app_link(app[1].lower(), link[app.end() :])
    parts = _split_url(link)
    if parts is None:
        return b""
    scheme, user_info, host, port, path = parts
    if b"." not in host and not host.startswith(b"["):
        return b""
    at = user_info + b"@" if user_info else b""
    return scheme + b"://" + at + host + (b":%d" % port if port else b"") + path


def _checked_app_link(scheme: bytes, rest: bytes) -> bytes:
    parts = _split_url(rest)
    if parts is None or rest.lower().startswith(b"http://"):
        return b""
    web_scheme, user_info, host, port, path = parts
    allowed = _SITE_HOST if scheme == b"tonsite" else _APP_HOST
    if web_scheme == b"https" or user_info or port or not allowed.match(host):
        return b""
    return scheme + b"://" + host + (path[1:] if path.startswith(b"/?") else path)


def _split_url(url: bytes) -> tuple[bytes, bytes, bytes, int, bytes] | None:
    """Return scheme, user info, host, port (0 where none is given) and path; None for a wrong URL."""
    scheme = b"http"
    if found := _SCHEME.match(url):
        scheme = found[1].lower()
        if scheme not in (b"http", b"https"):
            return None
        url = url[found.end() :]
    end = min((at for c in b"/?#" if (at := url.find(c)) >= 0), default=len(url))
    authority, path = url[:end], url[end:].rstrip(_SPACES)
    port = 0
    colon = max(authority.rfind(c) for c in (b":", b"]", b"@"))
    if colon > 0 and authority[colon : colon + 1] == b":":
        number = _PORT.match(authority[colon + 1 :])
        port = int(number[1]) if number else -1
        if not 0 < port <= 65535:
            return None
        authority = authority[:colon]
    user_info, _, host = authority.rpartition(b"@")
    host = host.lower()
    if not _is_host(host) or (not host.startswith(b"[") and not _USER_INFO.match(user_info)):
        return None
    path = path if path.startswith(b"/") else b"/" + path
    return scheme, user_info, host, port, b"".join(b"%%%02X" % c if c <= 32 else bytes((c,)) for c in path)


def _is_host(host: bytes) -> bool:
    if host.startswith(b"[") and host.endswith(b"]"):
        try:
            ipaddress.IPv6Address(host[1:-1].decode("ascii", "replace"))
        except ValueError:
            return False
        return b"%" not in host
    return host not in (b"", b".") and _HOST.match(host) is not None


def mentioned_user(link: bytes) -> int:
    """Return the user that a `tg://user?id=` link names, 0 where it is another link."""
    found = _USER_LINK.match(link.lower())
    if found is None:
        return 0
    for parameter in found[1].split(b"&"):
        key, _, value = parameter.partition(b"=")
        if key == b"id":
            return int(value) if value.isdigit() and int(value) < 1 << 63 else 0
    return 0
