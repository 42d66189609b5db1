"""Who may look: the login by the operator's token or by Telegram, the cookie, the way out."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable
from dataclasses import dataclass, field
from urllib.parse import parse_qs, urlsplit

from aiohttp import web

from bot.log import Event
from bot.web.operator.attempts import Attempts
from bot.web.operator.headers import headers, is_our_own
from bot.web.operator.sessions import HOLDER, SECONDS, Sessions
from bot.web.operator.telegram_login import FIELDS, TelegramLogin
from bot.web.sender import Senders

log = logging.getLogger(__name__)

HOME, LOGIN = "/operator", "/operator/login"
COOKIE = "vestnik_operator"
MOST_BYTES, BODY_SECONDS = 4_096, 5.0
"""How long a form may be, and how long its sender may take."""

Write = Callable[..., bytes]
"""Writes a page of the name for the request, with facts."""


@dataclass(frozen=True)
class Keys:
    """What opens the door. `public_url` is where the page stands for people, empty where no proxy stands before it."""

    token: str
    bot_token: str
    owner_ids: frozenset[int]
    username: str
    public_url: str = ""
    senders: Senders = field(default_factory=lambda: Senders(()))
    """Tells who came through a trusted proxy: tries are counted for each of them."""


class Door:
    """Lets people in and out. `write(request, name, **facts)` writes its pages."""

    def __init__(self, keys: Keys, write: Write) -> None:
        self._keys = keys
        self._write = write
        self._sessions = Sessions(keys.token)
        self._attempts = Attempts()
        public = urlsplit(keys.public_url)
        self._host = public.netloc
        self._https = public.scheme == "https"
        # Telegram's button works on the domain alone that @BotFather was told.
        self._telegram = TelegramLogin(keys.bot_token) if self._https else None

    @property
    def routes(self) -> list[web.RouteDef]:
        """The routes of the door."""
        return [
            web.get(LOGIN, self._ask),
            web.post(LOGIN, self._enter),
            web.get(f"{HOME}/telegram", self._enter_by_telegram),
            web.post(f"{HOME}/logout", self._leave),
        ]

    def lets_in(self, request: web.Request) -> bool:
        """Return whether the request comes from somebody who is logged in, and still may look."""
        who = self._sessions.who(request.cookies.get(COOKIE, ""))
        return who == HOLDER or (who.isdecimal() and int(who) in self._keys.owner_ids)

    async def _ask(self, request: web.Request) -> web.Response:
        return self._login_page(request)

    async def _enter(self, request: web.Request) -> web.Response:
        if not is_our_own(request, self._host):
            return self._login_page(request, "foreign", status=403)
        address = self._address(request)
        if wait := self._attempts.wait(address):
            return self._wait_page(request, wait)
        form = await _form(request)
        # Others may have tried while the form came: a thousand slow forms are no thousand tries.
        if wait := self._attempts.wait(address):
            return self._wait_page(request, wait)
        if not self._sessions.knows(form.get("token", "")):
            return self._refused(request, address, "token")
        log.info(Event("operator.entered", by=HOLDER, address=address))
        answer = web.Response(status=303, headers={**headers(), "Location": HOME})
        return self._with_session(request, answer, HOLDER)

    async def _enter_by_telegram(self, request: web.Request) -> web.Response:
        if self._telegram is None:
            return web.Response(status=404, headers=headers())
        address = self._address(request)
        if wait := self._attempts.wait(address):
            return self._wait_page(request, wait)
        given = dict(request.query)
        # Whatever else were signed, no login of Telegram's says it.
        known = len(given) == len(request.query) and given.keys() - {"hash"} <= FIELDS
        person = self._telegram.person(given) if known else None
        if person is None or person not in self._keys.owner_ids:
            return self._refused(request, address, "telegram")
        log.info(Event("operator.entered", by=person, address=address))
        # A redirect would still be Telegram's navigation: the browser would keep the strict cookie back.
        answer = self._page(request, "entered", 200)
        return self._with_session(request, answer, str(person))

    async def _leave(self, request: web.Request) -> web.Response:
        answer = web.Response(status=303, headers={**headers(), "Location": LOGIN})
        if is_our_own(request, self._host):
            self._sessions.end(request.cookies.get(COOKIE, ""))
            answer.del_cookie(
                COOKIE, path=HOME, httponly=True, samesite="Strict", secure=self._secure(request)
            )
        return answer

    def _with_session(self, request: web.Request, answer: web.Response, who: str) -> web.Response:
        answer.set_cookie(
            COOKIE,
            self._sessions.begin(who),
            max_age=SECONDS,
            path=HOME,
            secure=self._secure(request),
            httponly=True,
            samesite="Strict",
        )
        return answer

    def _secure(self, request: web.Request) -> bool:
        return self._https or request.secure

    def _address(self, request: web.Request) -> str:
        named = request.headers.getall("X-Forwarded-For", ())
        return str(self._keys.senders.sender(request.remote, named) or request.remote or "")

    def _refused(self, request: web.Request, address: str, by: str) -> web.Response:
        self._attempts.note(address)
        log.warning(Event("operator.refused", by=by, address=address))
        return self._login_page(request, by, status=403)

    def _wait_page(self, request: web.Request, seconds: int) -> web.Response:
        answer = self._login_page(request, "wait", status=429, seconds=seconds)
        answer.headers["Retry-After"] = str(seconds)
        return answer

    def _login_page(
        self, request: web.Request, wrong: str = "", *, status: int = 200, seconds: int = 0
    ) -> web.Response:
        bot = self._keys.username if self._telegram else ""
        facts = {"wrong": wrong, "seconds": seconds, "telegram_bot": bot}
        return self._page(
            request, "login", status, telegram=bool(bot), public_url=self._keys.public_url, **facts
        )

    def _page(
        self, request: web.Request, name: str, status: int, *, telegram: bool = False, **facts: object
    ) -> web.Response:
        body = self._write(request, name, **facts)
        told = headers(telegram=telegram)
        return web.Response(body=body, status=status, headers=told, content_type="text/html", charset="utf-8")


async def _form(request: web.Request) -> dict[str, str]:
    """Return the fields of a form; none of one that is too long, too slow, or not ours."""
    try:
        async with asyncio.timeout(BODY_SECONDS):
            body = b""
            while len(body) <= MOST_BYTES and (part := await request.content.read(MOST_BYTES + 1)):
                body += part
        if len(body) > MOST_BYTES:
            return {}
        fields = parse_qs(body.decode(), max_num_fields=8)
    except (TimeoutError, ValueError, OSError, web.RequestPayloadError):
        return {}
    return {name: values[0] for name, values in fields.items()}
