"""The sandbox as one object: a Bot API server, started and stopped in this process."""

from __future__ import annotations

import errno
from pathlib import Path

from aiohttp import web

from bot.sandbox.calls.limits import Limits
from bot.sandbox.server.control import Control
from bot.sandbox.server.http import BotApi
from bot.sandbox.server.live import Live
from bot.sandbox.verbs import Verbs
from bot.sandbox.world.state import Bot

MAX_REQUEST = 55 << 20  # bytes
STOP_SECONDS = 1.0
_PAGE = Path(__file__).parent / "page"


class PortBusy(OSError):
    """Another program listens where the sandbox should; the text is a sentence for people."""


class Sandbox(Verbs):
    """A Bot API server with its people and chats, in memory, on a loopback address.

    `Verbs` has everything that can be done with it.
    """

    def __init__(
        self,
        *,
        strict: bool = True,
        limits: Limits | None = None,
        accept_any_token: bool = False,
        calls_kept: int = 50_000,
    ) -> None:
        """Build the sandbox; `start` begins to serve.

        Args:
            strict: refuse parameters that a method does not have, where Telegram ignores them.
            limits: flood limits, none by default; `Limits.telegram()` has Telegram's figures.
            accept_any_token: register the bot of any well-formed token when it first calls.
            calls_kept: how many calls the log keeps.
        """
        super().__init__(limits or Limits(), calls_kept)
        self.url = ""
        welcome = self._welcome if accept_any_token else None
        self._api = BotApi(self.world, self.call_log, self.faults, self.gate, strict=strict, welcome=welcome)
        self._live = Live(self.world)
        self._runner: web.AppRunner | None = None

    async def start(self, port: int = 0, host: str = "127.0.0.1") -> str:
        """Serve the Bot API, the control API and the page, and return the address; port 0 takes a free one.

        Raises:
            PortBusy: another program listens there.
        """
        app = web.Application(client_max_size=MAX_REQUEST)
        app.router.add_route("*", "/bot{token:[^/]+}/{method}", self._api.serve)
        app.router.add_get("/file/bot{token:[^/]+}/{path:.+}", self._api.download)
        app.router.add_routes(Control(self).routes())
        app.router.add_get("/sandbox/live", self._live.serve)
        app.router.add_get("/", _index)
        app.router.add_static("/static", _PAGE)
        app.on_response_prepare.append(_guard)
        runner = web.AppRunner(app, access_log=None, handle_signals=False, shutdown_timeout=STOP_SECONDS)
        await runner.setup()
        try:
            await web.TCPSite(runner, host, port).start()
        except OSError as error:
            await runner.cleanup()
            if error.errno == errno.EADDRINUSE:
                raise PortBusy(f"Port {port} on {host} is busy: another program listens there.") from None
            raise
        self._runner = runner
        self.url = f"http://{host}:{runner.addresses[0][1]}"
        return self.url

    async def stop(self) -> None:
        """Stop serving; polls and pages that wait end at once."""
        self._api.stop()
        await self._live.close()
        for bot in self.world.bots.values():
            bot.updates.release()
            if bot.webhook is not None:
                await bot.webhook.stop()
        if self._runner is not None:
            await self._runner.cleanup()
            self._runner = None

    def _welcome(self, token: str) -> Bot:
        user = self.add_bot(token, f"bot{token.partition(':')[0]}_bot")
        return self.world.bots[user["id"]]


async def _index(request: web.Request) -> web.FileResponse:
    return web.FileResponse(_PAGE / "index.html")


async def _guard(request: web.Request, response: web.StreamResponse) -> None:
    """Keep browsers from guessing types, from caching an old page, and from running anything foreign."""
    if request.path.startswith("/bot"):
        return
    response.headers["X-Content-Type-Options"] = "nosniff"
    response.headers["Cache-Control"] = "no-cache"
    response.headers["Content-Security-Policy"] = (
        "default-src 'self'; img-src 'self' data: blob:; connect-src 'self' ws: wss:; frame-ancestors 'self'"
    )
