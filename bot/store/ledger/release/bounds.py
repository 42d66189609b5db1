"""What a chat asked for, read from its columns."""

from __future__ import annotations

from datetime import time
from typing import Any

from sqlalchemy import Row

from bot.model.hours import Bounds, Quiet


def quiet_of(begins: int | None, ends: int | None) -> Quiet | None:
    """Return hours that are kept as minutes of the day."""
    if begins is None or ends is None:
        return None
    return time(begins // 60, begins % 60), time(ends // 60, ends % 60)


def bounds_of(row: Row[Any]) -> Bounds:
    """Return what a chat asked for, from its columns."""
    return Bounds(
        weekend=quiet_of(row.weekend_from, row.weekend_to),
        most_hour=row.most_hour,
        most_day=row.most_day,
        silent=row.silent,
        away_since=row.away_since,
        away_until=row.away_until,
        away_flash=row.away_flash,
        merges=row.merges,
    )
