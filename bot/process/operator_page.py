"""The operator's page of a running bot, and what it reads."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime

from bot.desk.figures.period import PeriodFigures, begin, of_period
from bot.desk.record import RecordPage, page
from bot.line import Line
from bot.operations.overview.backup_view import BackupView, view_backups
from bot.operations.overview.log_tail import LogTail
from bot.operations.overview.overview import Overviews
from bot.operations.overview.process import this_process
from bot.operations.overview.readings import PaceFacts, RunningFacts, answered
from bot.rendering.templates.pages import Pages
from bot.services import Services
from bot.settings import Settings
from bot.web.health import Health
from bot.web.operator.door import Keys
from bot.web.operator.pages import OperatorPages, Readings
from bot.web.operator.routes import OperatorPage, Routes
from bot.web.sender import Senders


@contextmanager
def operator_page(
    settings: Settings, services: Services, lines: Mapping[str, Line], health: Health
) -> Iterator[Routes]:
    """Hand over the routes of the operator's page, none where no token opens it; meanwhile it hears the log.

    The page is that of one bot, with the paces of all `lines`, which stand under their bots' names.
    """
    bot = services.bot
    if not (token := settings.operator_token.get_secret_value()):
        yield []
        return
    senders = Senders((), settings.webhook_proxies)
    keys = Keys(token, settings.token, settings.owner_ids, bot.username, settings.operator_url, senders)
    read = _readings(services, lines, health)
    pages = OperatorPages(read, Pages(services.templates), bot, services.clock)
    with read.tail:
        yield OperatorPage(pages, keys).routes


def _readings(services: Services, lines: Mapping[str, Line], health: Health) -> Readings:
    """Return what the operator's page reads of a bot."""
    db, bot = services.db, services.bot
    begun = services.now()

    async def running() -> RunningFacts:
        now = asyncio.get_running_loop().time()
        paces = [
            PaceFacts(name, each.rate.allowed, each.rate.used(now), each.waiting, each.paused_for, of)
            for of, line in lines.items()
            for name, each in line.paces.items()
        ]
        unpaid = next((each.unpaid for each in lines.values() if each.unpaid), "")
        return RunningFacts(await health(), paces, services.talk.problems(), unpaid)

    async def day(now: datetime) -> PeriodFigures:
        since = begin(now, 1, bot.zone)
        return await answered(of_period(db, bot.id, since, now, zone=bot.zone))

    async def record(size: int, before: int | None) -> RecordPage:
        return await answered(page(db, bot.id, size, before=before))

    async def backups(now: datetime) -> BackupView:
        return await view_backups(services.backups, now)

    return Readings(
        overview=Overviews(db, bot.id, services.counts).read,
        day=day,
        backups=backups,
        record=record,
        running=running,
        process=lambda: this_process(begun),
        tail=LogTail(),
    )
