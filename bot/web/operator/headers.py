"""What each answer of the operator's page tells the browser to refuse, and which requests are our own pages'."""

from __future__ import annotations

from collections.abc import Mapping
from urllib.parse import urlsplit

from aiohttp import web

OURS = (
    "default-src 'none'; style-src 'self'; script-src 'self'; connect-src 'self'; img-src 'self'; "
    "form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)
WITH_TELEGRAM = (
    OURS.replace("script-src 'self'", "script-src 'self' https://telegram.org")
    + "; frame-src https://oauth.telegram.org"
)
"""The page to log in at, where Telegram's button stands on it."""

HEADERS = {
    "Cache-Control": "no-store",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "X-Robots-Tag": "noindex, nofollow",
}


def headers(*, telegram: bool = False) -> Mapping[str, str]:
    """Return the headers of a page; `telegram`: with Telegram's button to log in."""
    if telegram:
        # Telegram's frame asks by whom it is shown.
        asked = {"Referrer-Policy": "strict-origin", "Content-Security-Policy": WITH_TELEGRAM}
        return HEADERS | asked
    return HEADERS | {"Content-Security-Policy": OURS}


def is_our_own(request: web.Request, public_host: str) -> bool:
    """Return whether a form was sent from one of our own pages, as far as the browser says.

    Every browser says where a form comes from that another site sends; programs say nothing.
    """
    site = request.headers.get("Sec-Fetch-Site")
    if site is not None:
        return site in ("same-origin", "none")
    origin = request.headers.get("Origin")
    return origin is None or _host(origin) in {request.host, public_host} - {""}


def _host(origin: str) -> str:
    try:
        return urlsplit(origin).netloc
    except ValueError:
        return ""
