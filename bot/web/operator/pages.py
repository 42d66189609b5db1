"""The operator's pages: what each of them shows, read and written anew at most once a second for all who look."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from typing import Any
from urllib.parse import urlsplit

from bot.desk.figures.period import PeriodFigures
from bot.desk.record import RecordPage
from bot.log import phrase
from bot.model.bot import Bot
from bot.model.clock import Clock
from bot.operations.overview.backup_view import BackupView
from bot.operations.overview.log_tail import LogTail
from bot.operations.overview.overview import Overview
from bot.operations.overview.process import ProcessFacts
from bot.operations.overview.readings import NoReading, Running
from bot.operations.overview.shared import Shared
from bot.rendering.templates.pages import Pages
from bot.web.operator.files import contents, mark
from bot.web.operator.troubles import troubles

DAY_SECONDS = 20.0
"""The figures of the day are read so often: they grow slowly, and cost more."""

WRITTEN_SECONDS = 1.0
ON_FRONT, ON_RECORD = 6, 30
LONGEST = 160


@dataclass(frozen=True)
class Readings:
    """What the pages read. Of those that take a time, the time is now; `record` takes the id before which to begin."""

    overview: Callable[[datetime], Awaitable[Overview]]
    day: Callable[[datetime], Awaitable[PeriodFigures]]
    backups: Callable[[datetime], Awaitable[BackupView]]
    record: Callable[[int, int | None], Awaitable[RecordPage]]
    running: Running
    process: Callable[[], ProcessFacts]
    tail: LogTail


class OperatorPages:
    """Writes the pages as HTML."""

    def __init__(self, readings: Readings, pages: Pages, bot: Bot, clock: Clock) -> None:
        self._readings = readings
        self._pages = pages
        self._bot = bot
        self._clock = clock
        self._mark = mark(contents())
        self._read = Shared()
        self._of_day = Shared(DAY_SECONDS)
        # What is read keeps its own time: a page that says that the database is gone stands a second alone.
        self._written = Shared(longest=WRITTEN_SECONDS)
        self._shows: Mapping[str, Callable[[int | None], Awaitable[dict[str, Any]]]] = {
            "front": self._front,
            "feeds": self._feeds,
            "record": self._record,
            "errors": self._errors,
        }

    def language(self, *wanted: str) -> str:
        """Return the language to write in, by codes of wanted ones, the dearest first; else the newsroom's."""
        return self._pages.language(*wanted, self._bot.language)

    async def page(self, name: str, language: str, before: int | None = None) -> bytes:
        """Return a page for who is logged in: front, feeds, record (`before` a deed), errors."""

        async def write() -> bytes:
            return self.write(name, language, **await self._shows[name](before))

        return await self._written.of((name, language, before), write)

    def write(self, name: str, language: str, /, **facts: Any) -> bytes:
        """Return a page with these facts, as bytes."""
        shown = {
            "username": self._bot.username,
            "said": partial(phrase, longest=LONGEST),
            "site": site,
            "page": name,
            "mark": self._mark,
        }
        now = self._clock.now()
        return self._pages.render(name, language, zone=self._bot.zone, now=now, **shown, **facts).encode()

    async def _front(self, _before: int | None) -> dict[str, Any]:
        found, unread = await _or_why(self._overview)
        # What does not answer once is not waited for again.
        day, _ = await _or_why(self._day) if found else (None, "")
        record, _ = await _or_why(partial(self._readings.record, ON_FRONT, None)) if found else (None, "")
        backups, _ = await _or_why(self._backups)
        running = await self._readings.running()
        lines = self._readings.tail.newest()
        now = self._clock.now()
        return {
            "unread": unread,
            "found": found,
            "day": day,
            "backups": backups,
            "record": record,
            "running": running,
            "lines": lines[:ON_FRONT],
            "process": self._readings.process(),
            "troubles": troubles(found, unread, running, lines, now=now),
        }

    async def _feeds(self, _before: int | None) -> dict[str, Any]:
        found, unread = await _or_why(self._overview)
        return {"found": found, "unread": unread}

    async def _record(self, before: int | None) -> dict[str, Any]:
        record, unread = await _or_why(partial(self._readings.record, ON_RECORD, before))
        return {"record": record, "unread": unread, "before": before}

    async def _errors(self, _before: int | None) -> dict[str, Any]:
        tail = self._readings.tail
        return {"lines": tail.newest(), "since": tail.since}

    async def _overview(self) -> Overview:
        return await self._read.of("overview", partial(self._readings.overview, self._clock.now()))

    async def _backups(self) -> BackupView:
        return await self._read.of("backups", partial(self._readings.backups, self._clock.now()))

    async def _day(self) -> PeriodFigures:
        return await self._of_day.of("day", partial(self._readings.day, self._clock.now()))


async def _or_why(read: Callable[[], Awaitable[Any]]) -> tuple[Any, str]:
    """Return what was read and an empty text, or None and why it could not be read."""
    try:
        return await read(), ""
    except NoReading as error:
        return None, phrase(str(error))


def site(url: str) -> str:
    """Return host and path of an address: what else stands in it may be a password or a key."""
    try:
        parts = urlsplit(url)
        return f"{parts.hostname or ''}{parts.path}"
    except ValueError:
        return "?"
