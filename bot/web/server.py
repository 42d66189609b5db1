"""The bot's own web server: one port for health, figures, and whatever else has pages."""

from __future__ import annotations

import errno
from collections.abc import Iterable

from aiohttp import web

from bot.log import phrase
from bot.model.errors import SetupError


class WebServer:
    """Serves the routes as a context, once."""

    def __init__(self, host: str, port: int, routes: Iterable[web.AbstractRouteDef]) -> None:
        app = web.Application()
        app.router.add_routes(routes)
        self._runner = web.AppRunner(app, access_log=None)
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

    async def __aexit__(self, *_: object) -> None:
        """Stop listening."""
        await self._runner.cleanup()
