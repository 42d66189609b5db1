"""The bot's own web server: one port for health, figures, and whatever else has pages."""

from __future__ import annotations

import asyncio
import errno
import logging
from collections.abc import Iterable

from aiohttp import web
from aiohttp.http_exceptions import HttpProcessingError

from bot.log import phrase
from bot.model.errors import SetupError
from bot.web.idle import IDLE_SECONDS, IdleConnections

STOP_SECONDS, LINGER_SECONDS = 2.0, 1.0
"""How long a stop waits for answers under way, and how long the rest of a body is read that nobody wants."""


class _Malformed(logging.Filter):
    """Keeps from the log what is no HTTP: whoever reaches the port could fill the log with tracebacks."""

    def filter(self, record: logging.LogRecord) -> bool:
        error = record.exc_info[1] if record.exc_info else None
        return not isinstance(error, HttpProcessingError | web.RequestPayloadError)


_requests_log = logging.getLogger("bot.web.requests")
_requests_log.addFilter(_Malformed())


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
            logger=_requests_log,
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
