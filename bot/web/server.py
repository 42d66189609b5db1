"""The bot's own web server: one port for health, figures, and whatever else has pages."""

from __future__ import annotations

import asyncio
import errno
from collections.abc import Iterable

from aiohttp import web

from bot.log import phrase
from bot.model.errors import SetupError
from bot.web.idle import IDLE_SECONDS, IdleConnections

STOP_SECONDS, LINGER_SECONDS = 2.0, 1.0
"""How long a stop waits for answers under way, and how long the rest of a body is read that nobody wants."""


class WebServer:
    """Serves the routes as a context, once."""

    def __init__(self, host: str, port: int, routes: Iterable[web.AbstractRouteDef]) -> None:
        self._idle = IdleConnections()
        self._watch: asyncio.Task[None] | None = None
        app = web.Application(middlewares=[self._idle.middleware])
        app.router.add_routes(routes)
        self._runner = web.AppRunner(
            app,
            access_log=None,
            keepalive_timeout=IDLE_SECONDS,
            lingering_time=LINGER_SECONDS,
            shutdown_timeout=STOP_SECONDS,
        )
        self._host = host
        self._port = port

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
        if self._runner.server is not None:
            self._watch = asyncio.create_task(self._idle.watch(self._runner.server))

    async def __aexit__(self, *_: object) -> None:
        """Stop listening."""
        if self._watch is not None:
            self._watch.cancel()
        await self._runner.cleanup()
