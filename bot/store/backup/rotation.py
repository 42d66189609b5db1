"""Which backups are kept: the newest of each of the last days that have one, and of each of the last such weeks."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable
from datetime import datetime, tzinfo
from pathlib import Path
from typing import NamedTuple


class Kept(NamedTuple):
    """A backup that was sound when it was made: where it lies, of which moment (UTC) it is, its bytes."""

    path: Path
    at: datetime
    size: int


class Keep(NamedTuple):
    """Of how many days, and of how many weeks, a backup is kept."""

    days: int = 7
    weeks: int = 4


def superfluous(backups: Iterable[Kept], keep: Keep, zone: tzinfo) -> list[Kept]:
    """Return the backups that need not be kept. A day or week without one does not count: a pause loses nothing."""
    newest_first = sorted(backups, key=lambda each: each.at, reverse=True)
    stay = set(newest_first[:1])
    stay |= _first_of_each(newest_first, lambda each: each.at.astimezone(zone).date(), keep.days)
    stay |= _first_of_each(newest_first, lambda each: each.at.astimezone(zone).isocalendar()[:2], keep.weeks)
    return [each for each in newest_first if each not in stay]


def _first_of_each(backups: list[Kept], part: Callable[[Kept], Hashable], most: int) -> set[Kept]:
    found: dict[Hashable, Kept] = {}
    for each in backups:
        found.setdefault(part(each), each)
    return set(list(found.values())[:most])
