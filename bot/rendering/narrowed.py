"""To what a list was narrowed down, as the list's head says it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from bot.rendering.story import Readership
from bot.rendering.text.times import calendar_day, zone_of


@dataclass(frozen=True, slots=True)
class Narrowed:
    """A topic's name, days and languages' names, each as far as it was asked for.

    `since` and `until` (not included) are days where the reader is; `every_language`: all languages were asked for.
    """

    topic: str = ""
    since: date | None = None
    until: date | None = None
    languages: Sequence[str] = ()
    every_language: bool = False

    def variables(self, readership: Readership, now: datetime) -> dict[str, Any]:
        """Return what `digest/narrowed.j2` writes."""
        today = now.astimezone(zone_of(readership.zone)).date()
        last = self.until - timedelta(days=1) if self.until else None

        def day(at: date | None) -> str:
            return calendar_day(at, today, readership.language) if at else ""

        return {
            "topic": self.topic,
            "day": day(last) if last and last == self.since else "",
            "since": day(self.since),
            "until": day(last),
            "languages": self.languages,
            "every_language": self.every_language,
        }
