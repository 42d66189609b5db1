"""`run`: the bot itself, until it is told to stop."""

from __future__ import annotations

import asyncio
import logging
import signal
import sys

from bot.app import App
from bot.commands import logs
from bot.commands.opening import opened
from bot.model.clock import Clock
from bot.settings import Settings, load_settings
from bot.store.compact import AT_ONCE_BYTES, compact

log = logging.getLogger(__name__)


def run() -> int:
    """Run the bot; return when SIGTERM or SIGINT has been seen to."""
    settings = load_settings()
    logs.set_up(settings.log_level, settings.log_file)
    _ = settings.token
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
            log.info("the database's file does not shrink by itself: see `python -m bot migrate`")
        app = App(settings, db, Clock())
        try:
            await app.start(stop)
            if not stop.is_set():
                log.info("Vestnik runs as @%s; Ctrl-C stops it", app.username)
            await app.wait(stop)
        finally:
            log.info("stopping")
            await app.stop()


def _loop_factory() -> type[asyncio.AbstractEventLoop] | None:
    if sys.platform == "win32":
        return None
    import uvloop

    return uvloop.Loop
