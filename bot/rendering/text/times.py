"""Writes times as live entities: the reader's own client words them; the words inside are for old clients."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

from babel import Locale, UnknownLocaleError
from babel.dates import format_date, format_datetime, format_skeleton, format_timedelta
from babel.units import format_unit
from markupsafe import Markup

_DAY_FIRST = ("ru", "en")
"""Languages in which we write the day first, and the year without a word of its own, whatever Unicode's CLDR says."""

_LATEST = 2**31  # Telegram keeps the time in 32 bits: beyond, TDLib shows another time


@lru_cache(maxsize=64)
def locale_of(language: str) -> Locale:
    """Return Babel's locale of a language (IETF code), English for an unknown one."""
    try:
        return Locale.parse(language, sep="-")
    except (UnknownLocaleError, ValueError):
        return Locale("en")


@lru_cache(maxsize=512)
def zone_of(name: str) -> ZoneInfo:
    """Return the zone of an IANA name, UTC for an unknown one."""
    try:
        return ZoneInfo(name)
    except (KeyError, ValueError, OSError):
        return ZoneInfo("UTC")


def ago_words(at: datetime, now: datetime, language: str) -> str:
    """Return the time between `at` and `now` in words, at least a minute: `11 часов назад`."""
    gone = max(now - at, timedelta(minutes=1))
    return str(
        format_timedelta(
            -gone, granularity="minute", threshold=1, add_direction=True, locale=locale_of(language)
        )
    )


def span_words(seconds: float, language: str, *, ahead: bool = False) -> str:
    """Return a span in words, at least a second: `2 минуты`; as a time `ahead`: `через 2 минуты`."""
    span = timedelta(seconds=max(1, round(seconds)))
    return str(format_timedelta(span, add_direction=ahead, locale=locale_of(language)))


def date_words(at: datetime, now: datetime, language: str, zone: str) -> str:
    """Return date and time in the zone: `14 ноября, 17:32`, with the year where it is not the current year."""
    local = at.astimezone(zone_of(zone))
    same = local.year == now.astimezone(zone_of(zone)).year
    return f"{_day(local.date(), language, same_year=same)}, {local:%H:%M}"


def day_words(at: datetime, language: str, zone: str, form: str) -> str:
    """Return the day, or the hour, briefly: `27 нояб.` (`day`), `пт 27` (`weekday`), `16:00` (`hour`)."""
    local = at.astimezone(zone_of(zone))
    if form == "day":
        return _in_order(local, "MMMd", language)
    return str(format_datetime(local, {"weekday": "E d", "hour": "HH:mm"}[form], locale=locale_of(language)))


def calendar_day(day: date, today: date, language: str) -> str:
    """Return a day of the calendar: `14 ноября`, with the year where it is not that of `today`."""
    return _day(day, language, same_year=day.year == today.year)


def _day(day: date, language: str, *, same_year: bool) -> str:
    if same_year:
        return _in_order(day, "MMMMd", language)
    return str(format_date(day, "d MMMM y" if language in _DAY_FIRST else "long", locale=locale_of(language)))


def _in_order(day: date, skeleton: str, language: str) -> str:
    """Return month and day in the order and with the signs of the language: `5 ноября`, `5-ноябрь`."""
    locale = locale_of(language)
    if language in _DAY_FIRST:
        return str(format_date(day, f"d {skeleton[:-1]}", locale=locale))
    return str(format_skeleton(skeleton, day, locale=locale))


def short_span(span: timedelta, language: str) -> str:
    """Return a span in short, its two greatest units of days, hours and minutes: `2 ч 10 мин`; at least a minute."""
    minutes = max(1, int(span.total_seconds()) // 60)
    units = (("day", minutes // 1440), ("hour", minutes // 60 % 24), ("minute", minutes % 60))
    first = next(at for at, (_, count) in enumerate(units) if count)
    locale = locale_of(language)
    said = (
        format_unit(count, f"duration-{unit}", "short", locale=locale)
        for unit, count in units[first : first + 2]
        if count
    )
    return " ".join(said)


def live(at: datetime, words: str, form: str) -> Markup:
    """Return a `tg-time` of that form (`r` relative, `Dt` date and time …) with the words inside."""
    unix = int(at.astimezone(UTC).timestamp())
    if not 0 < unix < _LATEST:
        return Markup.escape(words)
    return Markup('<tg-time unix="{}" format="{}">{}</tg-time>').format(unix, form, words)
