"""Hours of a chat's day, in its own zone."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError


def zone_named(name: str) -> ZoneInfo | None:
    """Return the zone of an IANA name, or None where there is none such."""
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return None


def next_at(after: datetime, local: time, zone: str) -> datetime:
    """Return the next moment (UTC) strictly after `after` when clocks in `zone` show `local`.

    Where the clocks skip that time, the moment it would have been; where they show it twice, the first.
    An unknown zone counts as UTC.
    """
    there = zone_named(zone) or ZoneInfo("UTC")
    day = after.astimezone(there).date()
    while True:
        moment = datetime.combine(day, local, tzinfo=there).astimezone(UTC)
        if moment > after:
            return moment
        day += timedelta(days=1)


def next_of(after: datetime, local: Iterable[time], zone: str) -> datetime | None:
    """Return the next moment (UTC) after `after` when clocks in `zone` show one of those times, None without any."""
    return min((next_at(after, each, zone) for each in local), default=None)


def quiet_end(now: datetime, begins: time, ends: time, zone: str) -> datetime | None:
    """Return when the quiet hours from `begins` to `ends` that hold `now` are over; None outside them.

    They may span midnight; the same time twice means none. An unknown zone counts as UTC.
    """
    local = now.astimezone(zone_named(zone) or ZoneInfo("UTC")).time()
    within = begins <= local < ends if begins <= ends else local >= begins or local < ends
    return next_at(now, ends, zone) if within else None
