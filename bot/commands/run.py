"""`run`: the bot itself, until it is told to stop."""

from __future__ import annotations

import asyncio
import logging
import signal
import sys

from bot.app import start
from bot.commands import logs
from bot.commands.sentry import report_errors
from bot.commands.session import opened
from bot.log import Event
from bot.model.clock import Clock
from bot.settings import Settings, load_settings
from bot.store.engine.compact import AT_ONCE_BYTES, compact
from bot.store.engine.sqlite import AFFECTED, may_lose_commits

log = logging.getLogger(__name__)


def run() -> int:
    """Run the bot; return when SIGTERM or SIGINT has been seen to."""
    settings = load_settings()
    logs.set_up(settings.log_level, settings.log_file, settings.log_format)
    if dsn := settings.sentry_dsn.get_secret_value():
        report_errors(dsn)
    _ = settings.token
    _ = settings.webhook_base
    with asyncio.Runner(loop_factory=_loop_factory()) as runner:
        runner.run(_serve(settings))
    return 0


async def _serve(settings: Settings) -> None:
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, stop.set)
    async with opened(settings.database_url) as db:
        if db.file and not compact(db.file, AT_ONCE_BYTES):
            log.info(Event("database.does_not_shrink", note="stop the bot and run: python -m bot migrate"))
        if db.file and may_lose_commits():
            log.warning(Event("sqlite.affected", note=AFFECTED))
        app = await start(settings, db, Clock(), stop)
        if app is None:
            return
        try:
            username = app.services.bot.username
            note = f"Vestnik runs as @{username}; Ctrl-C stops it"
            log.info(Event("bot.ready", note=note))
            await app.wait(stop)
        finally:
            log.info(Event("bot.stopping"))
            await app.stop()


def _loop_factory() -> type[asyncio.AbstractEventLoop] | None:
    if sys.platform == "win32":
        return None
    import uvloop

    return uvloop.Loop
