"""A time as an editor writes it, in Russian or English, read in the newsroom's zone."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from bot.model.errors import Refusal
from bot.model.hours import zone_named

LONGEST = 64
"""How many characters a time may have."""

FARTHEST = timedelta(days=366)


@dataclass(frozen=True, slots=True)
class Moment:
    """The time (UTC) and the zone in which it was given. `tomorrow`: the hour alone was given, and is gone today."""

    at: datetime
    zone: str
    tomorrow: bool = False


def moment(words: str, now: datetime, zone: str) -> Moment:
    """Return the moment that the words mean, always after `now`; `zone` holds where the words name none.

    `18:30`, `tomorrow 9am`, `in 20 minutes`, `в пятницу в 10`, `2026-12-01 10:00 Asia/Bishkek`. An hour that is gone
    today means tomorrow. Refused as `unclear-time`, as `time-is-past`, and as `time-too-far` beyond a year.
    """
    if len(words) > LONGEST:
        raise Refusal("unclear-time", words=words[:LONGEST])
    said, named = _without_zone(words.split(), zone)
    text = " ".join(said).casefold().replace("ё", "е").replace(",", " ").strip(" .")
    there = zone_named(named) or ZoneInfo("UTC")
    try:
        at, tomorrow = _relative(text, now), False
        if at is None:
            at, tomorrow = _absolute(text, now.astimezone(there))
    except (ValueError, OverflowError):
        raise Refusal("unclear-time", words=words) from None
    if at <= now:
        raise Refusal("time-is-past")
    if at - now > FARTHEST:
        raise Refusal("time-too-far")
    return Moment(at, named, tomorrow)


def _without_zone(words: list[str], zone: str) -> tuple[list[str], str]:
    """Return the words without the zone at their end, and the zone."""
    if not words:
        return words, zone
    last = words[-1]
    if offset := re.fullmatch(r"(?:utc|gmt)?([+-])(\d{1,2})(?::?00)?", last, re.IGNORECASE):
        # The names of these zones count westwards.
        name = f"Etc/GMT{'-' if offset[1] == '+' else '+'}{int(offset[2])}"
        return (words[:-1], name) if zone_named(name) else (words, zone)
    if last.casefold() in ("utc", "gmt"):
        return words[:-1], "UTC"
    if "/" in last:
        spelt = "/".join("_".join(part.capitalize() for part in each.split("_")) for each in last.split("/"))
        known = next((name for name in (last, spelt) if zone_named(name)), None)
        if known is None:
            raise Refusal("unknown-zone")
        return words[:-1], known
    return words, zone


_UNITS = {
    r"(?:с|сек\w*|s|secs?|seconds?)": timedelta(seconds=1),
    r"(?:м|мин\w*|m|mins?|minutes?)": timedelta(minutes=1),
    r"(?:ч|час\w*|h|hrs?|hours?)": timedelta(hours=1),
    r"(?:д|день|дня|дней|d|days?)": timedelta(days=1),
    r"(?:недел\w*|weeks?)": timedelta(weeks=1),
}
_STEP = re.compile(r"(\d{1,4}|an?|one)?\s*([a-zа-я]+)\s*(?:и|and)?\s*")
_HALVES = {"полчаса": timedelta(minutes=30), "half an hour": timedelta(minutes=30)}
_HALVES |= {"полтора часа": timedelta(minutes=90)}


def _relative(text: str, now: datetime) -> datetime | None:
    """Return the moment that is so long from now, or None where the words name no span."""
    found = re.fullmatch(r"(?:через|in)\s+(.+)", text)
    if found is None:
        return None
    if found[1] in _HALVES:
        return now + _HALVES[found[1]]
    rest, span = found[1], timedelta()
    while rest:
        step = _STEP.match(rest)
        unit = step and next((of for name, of in _UNITS.items() if re.fullmatch(name, step[2])), None)
        if step is None or unit is None:
            raise ValueError(text)
        span += unit * (int(step[1]) if step[1] and step[1].isdecimal() else 1)
        rest = rest[step.end() :]
    return now + span


_HOUR = re.compile(r"(?:^|\s)(в |at )?(\d{1,2})(?::(\d{2}))?\s*(am|pm|a\.m|p\.m|утра|вечера|дня)?$")
_DAYS = {"сегодня": 0, "today": 0, "завтра": 1, "tomorrow": 1, "послезавтра": 2, "day after tomorrow": 2}
_WEEKDAYS = (
    r"понедельник|monday|mon|пн",
    r"вторник|tuesday|tue|вт",
    r"сред[ау]|wednesday|wed|ср",
    r"четверг|thursday|thu|чт",
    r"пятниц[ау]|friday|fri|пт",
    r"суббот[ау]|saturday|sat|сб",
    r"воскресенье|sunday|sun|вс",
)
_MONTHS = (
    *("янв|jan", "фев|feb", "мар|mar", "апр|apr", "ма[йя]|may", "июн|jun", "июл|jul", "авг|aug"),
    *("сен|sep", "окт|oct", "ноя|nov", "дек|dec"),
)


def _absolute(text: str, here: datetime) -> tuple[datetime, bool]:
    """Return the moment at that hour of that day, and whether it was moved to tomorrow."""
    found = _HOUR.search(text)
    if found is None:
        raise ValueError(text)
    day = re.sub(r"^(?:во?|on|the)\s+", "", text[: found.start()].strip())
    day = re.sub(r"\s+(?:во?|at)$", "", day)
    if not (day or found[1] or found[3] or found[4]):
        # A number alone may be anything.
        raise ValueError(text)
    hour = time(_of_day(int(found[2]), found[4]), int(found[3] or 0))

    def on(chosen: date) -> datetime:
        return datetime.combine(chosen, hour, tzinfo=here.tzinfo).astimezone(UTC)

    today = here.date()
    if not day:
        at = on(today)
        return (at, False) if at > here else (on(today + timedelta(days=1)), True)
    if day in _DAYS:
        return on(today + timedelta(days=_DAYS[day])), False
    for weekday, names in enumerate(_WEEKDAYS):
        if re.fullmatch(names, day):
            at = on(today + timedelta(days=(weekday - today.weekday()) % 7))
            return (at if at > here else on(at.astimezone(here.tzinfo).date() + timedelta(days=7))), False
    return on(_date(day, today)), False


def _of_day(hour: int, half: str | None) -> int:
    """Return the hour of the day: of 24, or of twelve with the half of the day."""
    if half is None:
        return hour
    if not 1 <= hour <= 12:
        raise ValueError(f"{hour} {half}")
    later = half in ("pm", "p.m", "вечера", "дня")
    return hour % 12 + (12 if later else 0)


def _date(day: str, today: date) -> date:
    if found := re.fullmatch(r"(\d{4})-(\d{1,2})-(\d{1,2})", day):
        return date(int(found[1]), int(found[2]), int(found[3]))
    year = 0
    if found := re.fullmatch(r"(\d{1,2})\.(\d{1,2})(?:\.(\d{4}))?", day):
        number, month, year = int(found[1]), int(found[2]), int(found[3] or 0)
    else:
        found = re.fullmatch(r"(\d{1,2}) ([a-zа-я]+)\.?(?: (\d{4}))?", day)
        turned = re.fullmatch(r"([a-z]+)\.? (\d{1,2})(?: (\d{4}))?", day)
        if found:
            number, word, year = int(found[1]), found[2], int(found[3] or 0)
        elif turned:
            number, word, year = int(turned[2]), turned[1], int(turned[3] or 0)
        else:
            raise ValueError(day)
        month = next((at for at, names in enumerate(_MONTHS, 1) if re.match(names, word)), 0)
    chosen = date(year or today.year, month, number)
    # Without a year the next such day is meant.
    return chosen if year or chosen >= today else chosen.replace(year=today.year + 1)
