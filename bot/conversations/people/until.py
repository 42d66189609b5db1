"""Until when, in a person's words: «до 1 декабря», «на неделю», `for 3 days`, `2026-12-01`."""

from __future__ import annotations

import re
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from bot.rendering.text.times import zone_of

_MONTHS = (
    "январь января янв january jan",
    "февраль февраля фев february feb",
    "март марта мар march mar",
    "апрель апреля апр april apr",
    "май мая may",
    "июнь июня июн june jun",
    "июль июля июл july jul",
    "август августа авг august aug",
    "сентябрь сентября сен сент september sep sept",
    "октябрь октября окт october oct",
    "ноябрь ноября ноя нояб november nov",
    "декабрь декабря дек december dec",
)
_MONTH_OF = {word: number for number, words in enumerate(_MONTHS, 1) for word in words.split()}
_UNITS = {
    **dict.fromkeys(("час", "часа", "часов", "hour", "hours"), timedelta(hours=1)),
    **dict.fromkeys(("день", "дня", "дней", "сутки", "суток", "day", "days"), timedelta(days=1)),
    **dict.fromkeys(("неделю", "недели", "недель", "week", "weeks"), timedelta(weeks=1)),
    **dict.fromkeys(("месяц", "месяца", "месяцев", "month", "months"), timedelta(days=30)),
    **dict.fromkeys(("год", "года", "лет", "year", "years"), timedelta(days=365)),
}
_LENGTH = re.compile(r"(?:на |for )?(?:(\d{1,3}) |a |an |one |один |одну )?([a-zа-я]+)")
_ISO = re.compile(r"(\d{4})-(\d{1,2})-(\d{1,2})")
_NUMBERS = re.compile(r"(\d{1,2})\.(\d{1,2})(?:\.(\d{4}))?")
_NAMED = re.compile(r"(\d{1,2})(?:st|nd|rd|th|-?го)? (?:of )?([a-zа-я]+)(?: (\d{4}))?(?: г(?:ода|\.)?)?")
_NAMED_FIRST = re.compile(r"([a-z]+) (\d{1,2})(?:st|nd|rd|th)?,?(?: (\d{4}))?")
_DAYS = {"завтра": 1, "tomorrow": 1, "послезавтра": 2, "сегодня": 0, "today": 0}
_WEEKDAYS = (
    "понедельника понедельник пн monday mon",
    "вторника вторник вт tuesday tue",
    "среды среда среду ср wednesday wed",
    "четверга четверг чт thursday thu",
    "пятницы пятница пятницу пт friday fri",
    "субботы суббота субботу сб saturday sat",
    "воскресенья воскресенье вс sunday sun",
)
_INCLUDING = ("по ", "through ")


def read_until(words: str, now: datetime, zone: str) -> datetime | None:
    """Return the time that a person means, None where the words name no time that is still to come.

    A day is meant in the zone, from its first moment on: «до 1 декабря» ends as that day begins, «по 1 декабря» as
    it is over. A day without a year is the next one there is.
    """
    said = " ".join(words.casefold().replace("ё", "е").strip(" .!").split())
    if (length := _length(said)) is not None:
        return now + length
    including = said.startswith(_INCLUDING)
    said = re.sub(r"^(?:до|по|until|till|through|to) ", "", said)
    here = zone_of(zone)
    day = _day(said, now.astimezone(here).date())
    if day is None:
        return None
    try:
        until = _begins(day + timedelta(days=including), here)
    except OverflowError:
        return None
    return until if until > now else None


def _length(said: str) -> timedelta | None:
    match = _LENGTH.fullmatch(said)
    unit = _UNITS.get(match[2]) if match else None
    return int(match[1] or 1) * unit if match and unit and match[1] != "0" else None


def _day(said: str, today: date) -> date | None:
    if said in _DAYS:
        return today + timedelta(days=_DAYS[said])
    weekday = next((at for at, names in enumerate(_WEEKDAYS) if said in names.split()), None)
    if weekday is not None:
        return today + timedelta(days=(weekday - today.weekday() - 1) % 7 + 1)
    if match := _ISO.fullmatch(said):
        return _date(int(match[1]), int(match[2]), int(match[3]))
    if match := _NUMBERS.fullmatch(said):
        return _next(int(match[1]), int(match[2]), match[3], today)
    if match := _NAMED.fullmatch(said):
        return _next(int(match[1]), _MONTH_OF.get(match[2], 0), match[3], today)
    if match := _NAMED_FIRST.fullmatch(said):
        return _next(int(match[2]), _MONTH_OF.get(match[1], 0), match[3], today)
    return None


def _next(day: int, month: int, year: str | None, today: date) -> date | None:
    if year:
        return _date(int(year), month, day)
    coming = (_date(today.year + years, month, day) for years in (0, 1, 2, 3, 4))
    return next((each for each in coming if each and each > today), None)


def _date(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:
        return None


def _begins(day: date, zone: ZoneInfo) -> datetime:
    return datetime.combine(day, time(), zone)
