"""What a process answers at its port before it runs: it lives, and is not ready."""

from __future__ import annotations

import logging
from collections.abc import AsyncIterator, Collection
from contextlib import AsyncExitStack, asynccontextmanager

from bot.log import Event
from bot.model.errors import SetupError
from bot.model.operations.readiness import ReadinessCheck
from bot.operations.roles.process_role import ProcessRole
from bot.settings import Settings
from bot.web.health import health_routes
from bot.web.probes import probe_routes
from bot.web.server import WebServer

log = logging.getLogger(__name__)

WAITS = ReadinessCheck(
    "lease", "this process stands by for another that speaks for the bot, or waits for Telegram"
)


@asynccontextmanager
async def standing_by(settings: Settings, roles: Collection[ProcessRole]) -> AsyncIterator[None]:
    """Answer for as long as the block lasts. Where the port is taken, by whoever runs the bot perhaps, be silent."""
    async with AsyncExitStack() as parts:
        if settings.web_port and ProcessRole.WEB in roles:
            routes = [*health_routes(_health), *probe_routes(tuple, lambda: [WAITS])]
            try:
                await parts.enter_async_context(WebServer(settings.web_host, settings.web_port, routes))
            except SetupError as error:
                log.info(Event("web.waits", reason=str(error)))
        yield


async def _health() -> dict[str, object]:
    return {"ok": False, "bot": "", "roles": "", "ended": [], "no_updates": WAITS.trouble}
