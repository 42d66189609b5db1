"""Times as sources write them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta, timezone, tzinfo
from typing import Any
from zoneinfo import ZoneInfo

from bot.sources.text.calendar_words import ZONES, folded, month
from bot.sources.text.plain import one_line
from bot.sources.text.relative_times import told_from_now

FIRST = datetime(1991, 8, 6, tzinfo=UTC)
"""When the first page of the web came: no story of a source is older."""

AHEAD = timedelta(days=1)
LONGEST = 80

_UNIX = re.compile(r"(\d{9,10})(?:\.\d*)?|(\d{13})|(\d{16})")
# How Microsoft's engines write milliseconds into JSON and feeds.
_DOTNET = re.compile(r"\\?/Date\((\d{12,13})(?:[+-]\d{4})?\)\\?/")
_COMPACT = re.compile(r"\d{12}|\d{14}")
_SIGNS = str.maketrans({"年": "-", "月": "-", "日": " ", "년": "-", "월": "-", "일": " ", "−": "-", "–": "-"})
_YEAR_FIRST = re.compile(r"(?<!\d)(\d{4})\s?[-/.]\s?(\d{1,2})\s?[-/.]\s?(\d{1,2})(?!\d)")
_YEAR_LAST = re.compile(r"(?<!\d)(\d{1,2})\s?([-/.])\s?(\d{1,2})\s?\2\s?(\d{4}|\d{2})(?![\d:])")
_HALF = r"\s?([ap])\.?\s?m\b\.?"
_CLOCKS = (
    re.compile(rf"(?<!\d)(\d{{1,2}}):(\d{{2}})(?::(\d{{2}})(?:[.,]\d+)?)?(?!\d)(?:{_HALF})?"),
    re.compile(r"(?<!\d)(\d{1,2})\s?(?:h|ч|uhr)\b\.?\s?(?:(\d{2})(?!\d))?()()"),
    re.compile(r"(?<!\d)(\d{1,2})[h.](\d{2})(?:\.(\d{2}))?(?![\d.])()"),
    re.compile(rf"(?<!\d)(\d{{1,2}})()(){_HALF}"),
)
_OFFSET = re.compile(r"(?:\b(msk|мск)\s?)?(?<![\d-])([+-])\s?(\d{1,2})(?::?(\d{2}))?(?![\d:-])")
# Before the hour in Chinese, Japanese and Korean: after noon.
_AFTERNOON = re.compile(r"(?:下午|午後|晚上|오후)\s?(\d{1,2}):(\d{2})")
_REGION = re.compile(r"\b([a-z]+/[a-z_]+(?:/[a-z_]+)?)\b")
_WORD = re.compile(r"[^\W\d_]+")
_NUMBER = re.compile(r"\d+")


def moment(value: Any) -> datetime | None:
    """Return the time of an RFC 3339 text, in UTC; a text without a zone means UTC. None for anything else."""
    try:
        at = datetime.fromisoformat(value)
        return (at.replace(tzinfo=UTC) if at.tzinfo is None else at).astimezone(UTC)
    except (TypeError, ValueError, OverflowError):
        return None


def story_time(value: Any, zone: tzinfo = UTC, now: datetime | None = None) -> datetime | None:
    """Return when a story was published, in UTC, to the second; None for a time that can't be read or believed.

    Seconds and milliseconds since 1970, ISO 8601, RFC 822, numbers in the usual orders, and months by name
    in many languages are read. `zone` holds where a clock has none. Not believed are times before the web,
    and those more than a day ahead. Of `4/5/2026` the day that is nearer to now is meant.
    """
    now = now or datetime.now(UTC)
    text = one_line(str(value)) if isinstance(value, str | int | float) else ""
    if not text or len(text) > LONGEST:
        return None
    try:
        readings = list(_readings(text, zone, now))
    except (ValueError, OverflowError, OSError):
        return None
    believed = [at for at in readings if FIRST <= at <= now + AHEAD]
    nearest = min(believed, key=lambda at: abs(now - at), default=None)
    return nearest and nearest.replace(microsecond=0)


def _readings(text: str, zone: tzinfo, now: datetime) -> Iterator[datetime]:
    """Yield what a text may mean, in UTC: mostly one time. Raises ValueError for a time that can't be."""
    if at := told_from_now(text, zone, now):
        yield at.astimezone(UTC)
        return
    if found := _DOTNET.fullmatch(text):
        text = found[1].zfill(13)
    if unix := _UNIX.fullmatch(text):
        seconds, thousandths, millionths = unix.groups()
        yield datetime.fromtimestamp(
            int(seconds or 0) + int(thousandths or 0) / 1e3 + int(millionths or 0) / 1e6, UTC
        )
        return
    if _COMPACT.fullmatch(text):
        text = f"{text[:8]}T{text[8:]}"
    try:
        at = datetime.fromisoformat(text)
        dated_alone = len(text) <= len("2026-05-04")
        yield (at.replace(tzinfo=UTC if dated_alone else zone) if at.tzinfo is None else at).astimezone(UTC)
        return
    except ValueError:
        pass
    yield from _written(text, zone, now)


def _written(text: str, zone: tzinfo, now: datetime) -> Iterator[datetime]:
    text = folded(_AFTERNOON.sub(_in_24_hours, text).translate(_SIGNS))
    dates, rest = _numbers_date(text)
    clock, rest, after = _clock(rest)
    found, after = _offset(after)
    if not dates:
        dates = _named_date(f"{rest} {after}", now)
    named = found or _named_zone(text)
    used = named or (zone if clock else UTC)
    for year, month_number, day in dates:
        try:
            midnight = datetime(year, month_number, day, tzinfo=used)
        except ValueError:
            continue
        yield (midnight + (clock or timedelta())).astimezone(UTC)


def _in_24_hours(found: re.Match[str]) -> str:
    return f" {int(found[1]) % 12 + 12}:{found[2]}"


def _numbers_date(text: str) -> tuple[list[tuple[int, int, int]], str]:
    """Return what a date in numbers may mean (year, month, day), and the text without it."""
    if match := _YEAR_FIRST.search(text):
        year, second, third = map(int, match.groups())
        dates = [(year, second, third)]
    elif match := _YEAR_LAST.search(text):
        first, last = int(match[1]), int(match[3])
        year = _full_year(match[4])
        dates = [(year, last, first)]
        if match[2] != "." and first != last:
            dates.append((year, first, last))
    else:
        return [], text
    return dates, f"{text[: match.start()]} {text[match.end() :]}"


def _full_year(digits: str) -> int:
    year = int(digits)
    return year + (2000 if year < 90 else 1900) if len(digits) == 2 else year


def _clock(text: str) -> tuple[timedelta | None, str, str]:
    """Return the time of day, None without one, and the text before and after it."""
    for pattern in _CLOCKS:
        match = pattern.search(text)
        if match is None:
            continue
        hour, minute, second = (int(part or 0) for part in match.groups()[:3])
        if match[4]:
            hour = hour % 12 + (12 if match[4] == "p" else 0)
        if hour <= 24 and minute < 60 and second <= 60:
            at = timedelta(hours=hour, minutes=minute, seconds=second)
            return at, text[: match.start()], text[match.end() :]
    return None, text, ""


def _offset(text: str) -> tuple[timezone | None, str]:
    """Return the zone that a text gives in numbers, and the text without it."""
    match = _OFFSET.search(text)
    if match is None or int(match[3]) > 14 or int(match[4] or 0) > 59:
        return None, text
    east = int(match[3]) * 60 + int(match[4] or 0)
    minutes = (180 if match[1] else 0) + (-east if match[2] == "-" else east)
    return timezone(timedelta(minutes=minutes)), f"{text[: match.start()]} {text[match.end() :]}"


def _named_zone(text: str) -> tzinfo | None:
    if region := _REGION.search(text):
        try:
            return ZoneInfo("/".join(part.title().replace("_Of_", "_of_") for part in region[1].split("/")))
        except (ValueError, OSError, KeyError):
            return None
    minutes = next((ZONES[word] for word in _WORD.findall(text) if word in ZONES), None)
    return None if minutes is None else timezone(timedelta(minutes=minutes))


def _named_date(text: str, now: datetime) -> list[tuple[int, int, int]]:
    """Return the date whose month is a word. Tuesday and March begin alike: the last word is the month.

    Without a year the date may be of this year or of the last one.
    """
    months = [(match.start(), number) for match in _WORD.finditer(text) if (number := month(match[0]))]
    if not months:
        return []
    numbers = _NUMBER.findall(text)
    years = [int(number) for number in numbers if len(number) == 4][:1]
    short = [number for number in numbers if len(number) <= 2]
    if not years and len(short) > 1:
        years = [_full_year(short[1])]
    if not years and len(numbers) == 1:
        years = [now.year, now.year - 1]
    return [(year, months[-1][1], int(short[0])) for year in years] if years and short else []
