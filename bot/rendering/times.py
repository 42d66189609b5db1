"""Times as live entities: the reader's own client words them; the words inside are for old clients."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

from babel import Locale, UnknownLocaleError
from babel.dates import format_datetime, format_timedelta
from markupsafe import Markup

_LATEST = 2**31  # Telegram keeps the time in 32 bits: beyond, TDLib shows another time


@lru_cache(maxsize=64)
def locale_of(language: str) -> Locale:
    """Return Babel's locale of a language, English where it knows none."""
    try:
        return Locale.parse(language, sep="-")
    except (UnknownLocaleError, ValueError):
        return Locale("en")


@lru_cache(maxsize=512)
def zone_of(name: str) -> ZoneInfo:
    """Return the zone of an IANA name, UTC where there is none such."""
    try:
        return ZoneInfo(name)
    except (KeyError, ValueError, OSError):
        return ZoneInfo("UTC")


def ago_words(at: datetime, now: datetime, language: str) -> str:
    """Return how long ago it was, at least a minute: `11 часов назад`."""
    gone = max(now - at, timedelta(minutes=1))
    return str(
        format_timedelta(
            -gone, granularity="minute", threshold=1, add_direction=True, locale=locale_of(language)
        )
    )


def date_words(at: datetime, now: datetime, language: str, zone: str) -> str:
    """Return date and time in the zone: `14 ноября, 17:32`, with the year where it is another one."""
    local = at.astimezone(zone_of(zone))
    same = local.year == now.astimezone(zone_of(zone)).year
    pattern = {
        ("ru", True): "d MMMM, HH:mm",
        ("ru", False): "d MMMM y, HH:mm",
        ("en", True): "d MMMM, HH:mm",
        ("en", False): "d MMMM y, HH:mm",
    }.get((language, same), "medium")
    return str(format_datetime(local, pattern, locale=locale_of(language)))


def live(at: datetime, words: str, form: str) -> Markup:
    """Return a `tg-time` of that form (`r` relative, `Dt` date and time …) with the words inside."""
    unix = int(at.astimezone(UTC).timestamp())
    if not 0 < unix < _LATEST:
        return Markup.escape(words)
    return Markup('<tg-time unix="{}" format="{}">{}</tg-time>').format(unix, form, words)
