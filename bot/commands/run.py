"""`run`: the bot itself, until it is told to stop."""

from __future__ import annotations

import asyncio
import logging
import signal
import sys
from collections.abc import Collection

from bot.app import start
from bot.commands import logs
from bot.commands.sentry import report_errors
from bot.commands.session import opened
from bot.log import Event
from bot.model.clock import Clock
from bot.model.errors import SetupError
from bot.operations.roles.process_role import ALL, ProcessRole, read_roles
from bot.process.failure import TakenOver
from bot.settings import Settings, load_settings
from bot.store.engine.compact import AT_ONCE_BYTES, compact
from bot.store.engine.database import Database, is_sqlite, read_url
from bot.store.engine.sqlite import AFFECTED, may_lose_commits

log = logging.getLogger(__name__)


def run(roles: str = "", bots: str = "") -> int:
    """Run the bots, or the named roles of them, or the named bots; return when SIGTERM or SIGINT has been seen to."""
    settings, mine = load_settings(), read_roles(roles)
    if (mine != ALL or bots) and is_sqlite(read_url(settings.database_url)):
        option = "--bot" if mine == ALL else "--role"
        raise SetupError(
            f"{option}: SQLite is for one process with all roles; to run several, move to PostgreSQL "
            "(docs/operations.md)"
        )
    logs.set_up(settings.log_level, settings.log_file, settings.log_format)
    if dsn := settings.sentry_dsn.get_secret_value():
        report_errors(dsn)
    _ = settings.token
    _ = settings.webhook_base
    with asyncio.Runner(loop_factory=_loop_factory()) as runner:
        runner.run(_serve(settings, mine, bots))
    return 0


async def _serve(settings: Settings, roles: Collection[ProcessRole], bots: str) -> None:
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, stop.set)
    async with opened(settings.database_url) as db:
        if db.file and not compact(db.file, AT_ONCE_BYTES):
            log.info(Event("database.does_not_shrink", note="stop the bot and run: python -m bot migrate"))
        if db.file and may_lose_commits():
            log.warning(Event("sqlite.affected", note=AFFECTED))
        while await _live(settings, db, stop, roles=roles, bots=bots):
            log.warning(Event("bot.stands_by", note="what another process has taken is left to it"))


async def _live(
    settings: Settings, db: Database, stop: asyncio.Event, *, roles: Collection[ProcessRole], bots: str
) -> bool:
    """Run until told to stop; return True where another process has taken over, to stand by then."""
    try:
        app = await start(settings, db, Clock(), stop, roles=roles, named=bots)
    except TakenOver:
        return True
    if app is None:
        return False
    try:
        names = ", ".join(f"@{each.bot.username}" for each in app.bots)
        note = f"Vestnik runs as {names}; Ctrl-C stops it"
        log.info(Event("bot.ready", note=note))
        await app.wait(stop)
        return False
    except TakenOver:
        return True
    finally:
        log.info(Event("bot.stopping"))
        await app.stop()


def _loop_factory() -> type[asyncio.AbstractEventLoop] | None:
    if sys.platform == "win32":
        return None
    import uvloop

    return uvloop.Loop
