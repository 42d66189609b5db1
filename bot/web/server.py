"""Health and metrics for the operator's own tools."""

from __future__ import annotations

import errno
from collections.abc import Awaitable, Callable, Mapping

from aiohttp import web
from prometheus_client import CONTENT_TYPE_LATEST, generate_latest

from bot.log import phrase
from bot.model.errors import SetupError

Health = Callable[[], Awaitable[Mapping[str, object]]]


class WebServer:
    """Serves `/health` (200 when `ok`, else 503) and `/metrics` as a context, once."""

    def __init__(self, host: str, port: int, health: Health) -> None:
        app = web.Application()
        app.router.add_get("/health", self._say_health)
        app.router.add_get("/metrics", self._say_metrics)
        self._runner = web.AppRunner(app, access_log=None)
        self._host = host
        self._port = port
        self._health = health

    async def __aenter__(self) -> None:
        """Listen. Raises SetupError where the port is taken."""
        await self._runner.setup()
        try:
            await web.TCPSite(self._runner, self._host, self._port).start()
        except OSError as error:
            await self._runner.cleanup()
            why = (
                "the port is busy"
                if error.errno == errno.EADDRINUSE
                else phrase(error.strerror or str(error))
            )
            raise SetupError(
                f"WEB_PORT: {self._host}:{self._port} can't be listened on ({why}); "
                "choose another port, or 0 for none"
            ) from None

    async def __aexit__(self, *_: object) -> None:
        """Stop listening."""
        await self._runner.cleanup()

    async def _say_health(self, _request: web.Request) -> web.Response:
        found = await self._health()
        facts = {key: phrase(each) if isinstance(each, str) else each for key, each in found.items()}
        return web.json_response(facts, status=200 if facts.get("ok") else 503)

    async def _say_metrics(self, _request: web.Request) -> web.Response:
        return web.Response(body=generate_latest(), headers={"Content-Type": CONTENT_TYPE_LATEST})
