"""Times told from now on: "Сегодня в 10:15", "yesterday, 23:05", "2 hours ago"."""

from __future__ import annotations

import re
from datetime import datetime, timedelta, tzinfo

_TODAY = "сегодня|сьогодні|today|heute|aujourd'hui|oggi|hoy|hoje|bugün|dzisiaj"
_YESTERDAY = "вчера|вчора|yesterday|gestern|hier|ieri|ayer|ontem|dün|wczoraj"
_DAY = re.compile(rf"(?P<today>{_TODAY})\b|(?P<yesterday>{_YESTERDAY})\b", re.IGNORECASE)
_CLOCK = re.compile(r"(?<!\d)(\d{1,2})[:.](\d{2})(?!\d)(?:\s?([ap])\.?\s?m\b)?", re.IGNORECASE)
_AGO = re.compile(
    r"(\d{1,3}|an?|одну?)?\s?(?:(?P<seconds>сек|sec)|(?P<minutes>мин|хв|min)|(?P<hours>час|год|hour|hr|stunde)|"
    r"(?P<days>д(?:н|ень)|day|tag))[а-яіa-z]{0,6}\.?\s(?:назад|тому|ago)",
    re.IGNORECASE,
)
_JUST_NOW = re.compile(r"только что|щойно|just now", re.IGNORECASE)


def told_from_now(text: str, zone: tzinfo, now: datetime) -> datetime | None:
    """Return the time that a text tells by its distance from `now`, in `zone`; None for any other text.

    A day alone ("yesterday") tells no time.
    """
    if _JUST_NOW.fullmatch(text):
        return now
    if ago := _AGO.fullmatch(text):
        number = int(ago[1]) if ago[1] and ago[1].isdecimal() else 1
        return now - timedelta(**{str(ago.lastgroup): number})
    found = _DAY.match(text)
    clock = _CLOCK.search(text, found.end()) if found else None
    if found is None or clock is None:
        return None
    day = now.astimezone(zone) - timedelta(days=1 if found["yesterday"] else 0)
    hour, minute = int(clock[1]), int(clock[2])
    if clock[3]:
        hour = hour % 12 + (12 if clock[3].lower() == "p" else 0)
    return day.replace(hour=hour, minute=minute, second=0, microsecond=0)
