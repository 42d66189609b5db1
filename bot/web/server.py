"""Health and metrics for the operator's own tools."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping

from aiohttp import web
from prometheus_client import CONTENT_TYPE_LATEST, generate_latest

from bot.model.errors import SetupError

Health = Callable[[], Awaitable[Mapping[str, object]]]


class WebServer:
    """Serves `/health` (200 when `ok`, else 503) and `/metrics` until stopped."""

    def __init__(self, host: str, port: int, health: Health) -> None:
        self._host = host
        self._port = port
        self._health = health
        self._runner: web.AppRunner | None = None

    async def start(self) -> None:
        """Listen. Raises SetupError where the port is taken."""
        app = web.Application()
        app.router.add_get("/health", self._say_health)
        app.router.add_get("/metrics", self._say_metrics)
        self._runner = web.AppRunner(app, access_log=None)
        await self._runner.setup()
        try:
            await web.TCPSite(self._runner, self._host, self._port).start()
        except OSError as error:
            await self.stop()
            raise SetupError(
                f"WEB_PORT: {self._host}:{self._port} can't be listened on ({error.strerror}); "
                "choose another port, or 0 for none"
            ) from None

    async def stop(self) -> None:
        """Stop listening."""
        if self._runner:
            await self._runner.cleanup()

    async def _say_health(self, _request: web.Request) -> web.Response:
        facts = dict(await self._health())
        return web.json_response(facts, status=200 if facts.get("ok") else 503)

    async def _say_metrics(self, _request: web.Request) -> web.Response:
        return web.Response(body=generate_latest(), headers={"Content-Type": CONTENT_TYPE_LATEST})
