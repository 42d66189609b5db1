"""The operator's page over HTTP: its routes, each behind the door but the door's own and the style."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from typing import Any

from aiohttp import web

from bot.web.operator.door import HOME, LOGIN, Door, Keys
from bot.web.operator.files import KINDS, contents
from bot.web.operator.headers import HEADERS, headers
from bot.web.operator.pages import OperatorPages

LANGUAGE = "vestnik_language"
YEAR_SECONDS = 365 * 86_400
MOST_DIGITS = 18

Handler = Callable[[web.Request], Awaitable[web.Response]]
Routes = Sequence[web.AbstractRouteDef]


class OperatorPage:
    """All of the operator's page."""

    def __init__(self, pages: OperatorPages, keys: Keys) -> None:
        self._pages = pages
        self._door = Door(keys, self._write)
        self._files = contents()

    @property
    def routes(self) -> Routes:
        """Every route. The files have routes of their own: no path of a request becomes a path of a file."""
        shown = [("", "front"), ("/feeds", "feeds"), ("/record", "record"), ("/errors", "errors")]
        return [
            *(web.get(HOME + path, self._behind_the_door(name)) for path, name in shown),
            web.get(f"{HOME}/", _go_home),
            *(web.get(f"{HOME}/{name}", self._file(name)) for name in KINDS),
            *self._door.routes,
        ]

    def _behind_the_door(self, name: str) -> Handler:
        async def show(request: web.Request) -> web.Response:
            if not self._door.lets_in(request):
                return _see(LOGIN)
            if chosen := request.query.get("language"):
                return self._choose(request, chosen)
            body = await self._pages.page(name, self._language(request), _number(request.query.get("before")))
            return web.Response(body=body, headers=headers(), content_type="text/html", charset="utf-8")

        return show

    def _choose(self, request: web.Request, chosen: str) -> web.Response:
        answer = _see(request.path)
        code = self._pages.language(chosen[:16])
        answer.set_cookie(LANGUAGE, code, max_age=YEAR_SECONDS, path=HOME, httponly=True, samesite="Lax")
        return answer

    def _write(self, request: web.Request, name: str, **facts: Any) -> bytes:
        return self._pages.write(name, self._language(request), **facts)

    def _language(self, request: web.Request) -> str:
        chosen = request.cookies.get(LANGUAGE, "")[:16]
        asked = request.headers.get("Accept-Language", "")[:200]
        return self._pages.language(*filter(None, [chosen, *_codes(asked)]))

    def _file(self, name: str) -> Handler:
        async def give(_request: web.Request) -> web.Response:
            told = {**HEADERS, "Cache-Control": f"public, max-age={YEAR_SECONDS}, immutable"}
            return web.Response(
                body=self._files[name], headers=told, content_type=KINDS[name], charset="utf-8"
            )

        return give


async def _go_home(_request: web.Request) -> web.Response:
    return _see(HOME)


def _see(path: str) -> web.Response:
    return web.Response(status=303, headers={**headers(), "Location": path})


def _codes(asked: str) -> list[str]:
    """Return the codes of an Accept-Language header, the dearest first (RFC 9110, 12.5.4)."""
    weighed = []
    for each in asked.split(",")[:12]:
        code, _, parameter = each.strip().partition(";")
        quality = parameter.strip().removeprefix("q=")
        try:
            weight = float(quality) if quality else 1.0
        except ValueError:
            weight = 0.0
        weighed.append((weight, code.strip()))
    return [code for weight, code in sorted(weighed, key=lambda each: -each[0]) if weight > 0 and code != "*"]


def _number(text: str | None) -> int | None:
    """Return a positive number from a query; None for anything else."""
    if text and text.isascii() and text.isdecimal() and len(text) <= MOST_DIGITS:
        return int(text) or None
    return None
