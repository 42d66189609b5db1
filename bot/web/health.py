"""Health and figures for the operator's own tools."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping, Sequence

from aiohttp import web
from prometheus_client import CONTENT_TYPE_LATEST, generate_latest

from bot.log import phrase

Health = Callable[[], Awaitable[Mapping[str, object]]]


def health_routes(health: Health) -> Sequence[web.RouteDef]:
    """Return `/health` (200 when `ok`, else 503) and `/metrics`."""

    async def say_health(_request: web.Request) -> web.Response:
        found = await health()
        facts = {key: phrase(each) if isinstance(each, str) else each for key, each in found.items()}
        return web.json_response(facts, status=200 if facts.get("ok") else 503)

    return [web.get("/health", say_health), web.get("/metrics", _say_metrics)]


async def _say_metrics(_request: web.Request) -> web.Response:
    return web.Response(body=generate_latest(), headers={"Content-Type": CONTENT_TYPE_LATEST})
