"""Dates as a reader types them into a search, in Russian or English: `с 1 ноября`, `за неделю`, `2026-11`."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

LONGEST = 5
"""How many words a date has at most."""


@dataclass(frozen=True, slots=True)
class Period:
    """Days: from `since` on, before `until`; None: without an end."""

    since: date | None = None
    until: date | None = None


_DAY = timedelta(days=1)
_DAYS = {"сегодня": 0, "today": 0, "вчера": 1, "yesterday": 1, "позавчера": 2}
_MONTHS = (
    *("январ[ьяе]|янв|jan(?:uary)?", "феврал[ьяе]|фев|feb(?:ruary)?", "марта?|марте|мар|mar(?:ch)?"),
    *("апрел[ьяе]|апр|apr(?:il)?", "ма[йяе]|may", "июн[ьяе]|june?", "июл[ьяе]|july?"),
    *("августа?|августе|авг|aug(?:ust)?", "сентябр[ьяе]|сент?|sep(?:t(?:ember)?)?"),
    *("октябр[ьяе]|окт|oct(?:ober)?", "ноябр[ьяе]|ноя|nov(?:ember)?", "декабр[ьяе]|дек|dec(?:ember)?"),
)
_WEEKDAYS = (
    *("понедельника?|monday", "вторника?|tuesday", "сред[аыу]|wednesday", "четверга?|thursday"),
    *("пятниц[аыу]|friday", "суббот[аыу]|saturday", "воскресень[ея]|sunday"),
)
_MONTH = f"(?P<month>{'|'.join(_MONTHS)})\\.?"
_YEAR = r"(?P<year>(?:19|20)\d\d)"
_FULL = re.compile(
    r"(?P<y>\d{4})-(?P<m>\d{1,2})-(?P<d>\d{1,2})|(?P<d2>\d{1,2})\.(?P<m2>\d{1,2})\.(?P<y2>\d{4})"
)
_SPOKEN = re.compile(
    rf"(?P<day>\d{{1,2}}) {_MONTH}(?:,? {_YEAR}(?: года?| г\.?)?)?"
    rf"|{_MONTH.replace('month', 'month2')} (?P<day2>\d{{1,2}})(?:st|nd|rd|th)?"
    rf"(?:,? {_YEAR.replace('year', 'year2')})?"
    r"|(?P<day3>\d{1,2})\.(?P<number>\d{1,2})"
)
_WHOLE_MONTH = re.compile(rf"(?P<y>\d{{4}})-(?P<m>\d{{1,2}})|{_MONTH} {_YEAR}(?: года?| г\.?)?")
_FOR = re.compile(
    rf"(?:за|for) (?:{_YEAR}(?: год| г\.?)?|{_MONTH}(?: {_YEAR.replace('year', 'year2')}(?: года?)?)?)"
)
_SPAN = re.compile(
    r"(?:за|for the|the|in the)? ?(?:последн(?:ий|юю|ие|ее|их)|last|past|this)? ?(?P<count>\d{1,3})? ?"
    r"(?:(?P<days>день|дня|дней|сутки|суток|days?)|(?P<weeks>недел[юиь]|weeks?)|(?P<months>месяц(?:а|ев)?|months?)"
    r"|(?P<half>полгода|half a year)|(?P<years>год|года|лет|years?))"
)
_BEGINS = re.compile(r"(?:за|last|past|this|for the last|for the past|in the last|in the past) ")
_SINCE = re.compile(r"(?:с|со|от|from|since|после|after) (.+)")
_UNTIL = re.compile(r"(?P<how>по|до|until|till|before) (.+)")
_LENGTHS = {"days": 1, "weeks": 7, "months": 30, "half": 182, "years": 365}


def period_in(words: Sequence[str], today: date) -> tuple[Period, int] | None:
    """Return the period that the first words name, the longest first, and how many words that takes.

    `today` is the day where the reader is. A date without a year is the last such one. None where the words begin
    with no date: what may as well be the subject (`9 мая`, `в 2025 году`) is none.
    """
    for count in range(min(LONGEST, len(words)), 0, -1):
        said = " ".join(words[:count]).casefold().replace("ё", "е").strip(" ,")
        for read in _READINGS:
            try:
                found = read(said, today)
            except (ValueError, OverflowError):
                continue
            if found is not None:
                return found, count
    return None


def bare_day_in(words: Sequence[str], today: date) -> tuple[Period, int] | None:
    """Return the day or the month that the first words name without a word before it, and how many words that takes.

    That is for where nothing else can be meant: `9 мая`, `ноябрь`, `May 9`.
    """
    for count in range(min(LONGEST, len(words)), 0, -1):
        said = " ".join(words[:count]).casefold().replace("ё", "е").strip(" ,")
        try:
            day = _day(said, today) if any(sign.isdigit() for sign in said) else None
            found = Period(day, day + _DAY) if day else _named(f"за {said}", today)
        except (ValueError, OverflowError):
            continue
        if found is not None:
            return found, count
    return None


def _day_alone(said: str, today: date) -> Period | None:
    if said not in _DAYS and not _FULL.fullmatch(said):
        return None
    day = _day(said, today)
    return Period(day, day + _DAY) if day else None


def _month_alone(said: str, today: date) -> Period | None:
    found = _WHOLE_MONTH.fullmatch(said)
    if found is None:
        return None
    if found["y"]:
        return _whole_month(int(found["y"]), int(found["m"]))
    return _whole_month(int(found["year"]), _month_of(found["month"]))


def _named(said: str, today: date) -> Period | None:
    """Return the year or the month of `за 2025 год`, `за ноябрь`."""
    found = _FOR.fullmatch(said)
    if found is None:
        return None
    if found["month"] is None:
        year = int(found["year"])
        return Period(date(year, 1, 1), date(year + 1, 1, 1))
    month = _month_of(found["month"])
    last = today.year if month <= today.month else today.year - 1
    return _whole_month(int(found["year2"] or last), month)


def _span(said: str, today: date) -> Period | None:
    """Return the days of `за неделю`, `за последние 3 дня`, `last week`."""
    found = _SPAN.fullmatch(said) if _BEGINS.match(said) else None
    if found is None:
        return None
    unit = next(name for name in _LENGTHS if found[name])
    days = _LENGTHS[unit] * int(found["count"] or 1)
    return Period(today - (timedelta(days=days) - _DAY if unit == "days" else timedelta(days=days)))


def _since(said: str, today: date) -> Period | None:
    found = _SINCE.fullmatch(said)
    day = _day(found[1], today) if found else None
    month = _month_alone(found[1], today) if found and day is None else None
    return Period(day or (month.since if month else None)) if day or month else None


def _until(said: str, today: date) -> Period | None:
    found = _UNTIL.fullmatch(said)
    if found is None:
        return None
    day = _day(found[2], today)
    month = None if day else _month_alone(found[2], today)
    if day is not None:
        return Period(until=day if found["how"] == "before" else day + _DAY)
    return Period(until=month.since if found["how"] == "before" else month.until) if month else None


_READINGS: tuple[Callable[[str, date], Period | None], ...] = (
    *(_day_alone, _month_alone, _named, _span, _since, _until),
)


def _day(said: str, today: date) -> date | None:
    """Return the day that the words name."""
    if said in _DAYS:
        return today - _DAYS[said] * _DAY
    for at, names in enumerate(_WEEKDAYS):
        if re.fullmatch(names, said):
            return today - timedelta(days=(today.weekday() - at) % 7)
    if found := _FULL.fullmatch(said):
        return date(*(int(found[name] or found[f"{name}2"]) for name in "ymd"))
    found = _SPOKEN.fullmatch(said)
    if found is None:
        return None
    month = int(found["number"]) if found["number"] else _month_of(found["month"] or found["month2"])
    number, year = int(found["day"] or found["day2"] or found["day3"]), found["year"] or found["year2"]
    if year:
        return date(int(year), month, number)
    for back in range(5):
        # The 29th of February may be some years back.
        try:
            day = date(today.year - back, month, number)
        except ValueError:
            continue
        if day <= today:
            return day
    raise ValueError(said)


def _month_of(word: str) -> int:
    return next(at for at, names in enumerate(_MONTHS, 1) if re.fullmatch(names, word))


def _whole_month(year: int, month: int) -> Period:
    return Period(date(year, month, 1), date(year + month // 12, month % 12 + 1, 1))
