"""The address at which Telegram posts updates. Nothing of a stranger's request is read, kept or remembered."""

from __future__ import annotations

import asyncio
import hmac
import logging
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field

from aiohttp import web

from bot.log import Outage
from bot.metrics import WEBHOOK_REFUSED
from bot.web.sender import Senders

log = logging.getLogger(__name__)

HEADER = "X-Telegram-Bot-Api-Secret-Token"
MOST_BYTES = 2 << 20
"""The largest update that is read: one with a rich message, and another to which it replies, has half of that."""

BODY_SECONDS = 10.0
"""Within so long a body must have come."""

MOST_AT_ONCE = 200
"""Requests that are read or kept at the same time: Telegram makes 100 at most."""

AGAIN_SECONDS = 2
"""After so long Telegram is asked to bring again what could not be kept. Without that word it waits ever longer."""

RouteDef = web.RouteDef

Keep = Callable[[bytes], Awaitable[bool]]
"""Keeps an update; returns False where it must come again."""


@dataclass(frozen=True, slots=True)
class Gatekeeper:
    """Who is let in at which paths: whoever may send and shows the secret."""

    paths: Sequence[str]
    secret: str = field(repr=False)
    senders: Senders

    def refusal(self, request: web.Request) -> str:
        """Return why a request is not let in; empty where it is. The body is not read."""
        if not self.senders.allow(request.remote, request.headers.getall("X-Forwarded-For", ())):
            return "network"
        shown = request.headers.get(HEADER, "").encode(errors="replace")
        if not hmac.compare_digest(shown, self.secret.encode()):
            return "secret"
        if request.content_type != "application/json":
            return "type"
        return "size" if (request.content_length or 0) > MOST_BYTES else ""


_STATUS = {"network": 403, "secret": 403, "type": 415, "size": 413, "slow": 408, "crowd": 503, "broken": 400}


def webhook_routes(gatekeeper: Gatekeeper, keep: Keep) -> Sequence[RouteDef]:
    """Return the routes of a webhook. An update is kept before it is answered; the answer asks nothing of Telegram."""
    under_way = 0

    async def hear(request: web.Request) -> web.Response:
        nonlocal under_way
        if reason := gatekeeper.refusal(request):
            return _refused(request, reason)
        if under_way >= MOST_AT_ONCE:
            return _refused(request, "crowd")
        under_way += 1
        try:
            body, reason = await _body(request)
            if reason:
                return _refused(request, reason)
            kept = await keep(body)
        finally:
            under_way -= 1
        return web.Response() if kept else _again()

    return [web.post(path, hear) for path in gatekeeper.paths]


async def _body(request: web.Request) -> tuple[bytes, str]:
    """Read a body within bounds; return it, and why it could not be read."""
    parts, size = [], 0
    try:
        async with asyncio.timeout(BODY_SECONDS):
            async for part in request.content.iter_any():
                parts.append(part)
                size += len(part)
                if size > MOST_BYTES:
                    return b"", "size"
    except TimeoutError:
        return b"", "slow"
    except (web.RequestPayloadError, OSError):
        return b"", "broken"
    return b"".join(parts), ""


def _refused(request: web.Request, reason: str) -> web.Response:
    WEBHOOK_REFUSED.labels(reason).inc()
    log.warning(Outage("webhook.refused", reason=reason, peer=request.remote))
    if reason == "crowd":
        return _again()
    response = web.Response(status=_STATUS[reason])
    # What is left of the body is nobody's.
    response.force_close()
    return response


def _again() -> web.Response:
    return web.Response(status=503, headers={"Retry-After": str(AGAIN_SECONDS)})
