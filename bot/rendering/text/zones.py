"""Time zones as people know them: a city in their language, and what its clocks show."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import lru_cache
from zoneinfo import available_timezones

import tzfpy
from babel.dates import get_timezone_location

from bot.rendering.text.times import locale_of, zone_of
from bot.tongues import codes

_OFFSET = re.compile(r"(?:utc|gmt|(мск|msk))? ?([+\-−])? ?(\d{1,2})(?::?([0-5]\d))?")
_NO_CITY = ("UTC", "Etc/", "GMT")
_REGIONS = ("Africa/", "America/", "Asia/", "Atlantic/", "Australia/", "Europe/", "Indian/", "Pacific/")
_MOSCOW = "Europe/Moscow"

# Cities that people name and the time zone database does not.
_CITIES = {
    **dict.fromkeys(("мск", "msk", "петербург", "санкт-петербург", "спб", "казань"), _MOSCOW),
    **dict.fromkeys(("нижний новгород", "воронеж", "ростов-на-дону", "краснодар", "сочи"), _MOSCOW),
    **dict.fromkeys(("пермь", "челябинск", "уфа", "тюмень"), "Asia/Yekaterinburg"),
    **dict.fromkeys(("астана", "astana", "шымкент"), "Asia/Almaty"),
    **dict.fromkeys(("ош", "osh"), "Asia/Bishkek"),
    **dict.fromkeys(("киев", "київ", "kyiv", "kiev"), "Europe/Kyiv"),
}


@dataclass(frozen=True, slots=True)
class LocalTime:
    """What a zone's clocks show: `city` in a language, `offset` from UTC such as `+06:00`, `clock` such as `17:20`."""

    city: str
    offset: str
    clock: str


def local_time(zone: str, now: datetime, language: str) -> LocalTime:
    """Return what the clocks of a zone (IANA name) show now; of an unknown zone, those of UTC."""
    local = now.astimezone(zone_of(zone))
    offset = f"{local:%z}"
    return LocalTime(_city(zone, language), f"{offset[:3]}:{offset[3:5]}", f"{local:%H:%M}")


def zone_meant(words: str, now: datetime) -> str | None:
    """Return the IANA name that a person means: `Бишкек`, `bishkek`, `+6`, `МСК+2`, `Asia/Bishkek`; None for none."""
    said = _folded(words)
    if found := _CITIES.get(said) or _by_name().get(said):
        return found
    match = _OFFSET.fullmatch(said)
    if match is None:
        return None
    moscow, sign, hours, minutes = match.groups()
    meant = timedelta(hours=int(hours), minutes=int(minutes or 0)) * (-1 if sign in ("-", "−") else 1)
    if moscow:
        meant += now.astimezone(zone_of(_MOSCOW)).utcoffset() or timedelta()
    # A whole number of hours has a zone without a city, and its name has the sign of POSIX: east is minus.
    plain = f"Etc/GMT{-(meant // timedelta(hours=1)):+d}"
    every = (plain, *sorted(available_timezones()))
    return next((each for each in every if now.astimezone(zone_of(each)).utcoffset() == meant), None)


def zone_at(latitude: float, longitude: float) -> str | None:
    """Return the IANA name of the zone at a place (degrees); None where the place is not on Earth.

    The first call loads the borders of all zones: 35 MB and 0.1 s.
    """
    return tzfpy.get_tz(longitude, latitude) or None


@lru_cache(maxsize=2048)
def _city(zone: str, language: str) -> str:
    if zone.startswith(_NO_CITY):
        return "UTC"
    try:
        return str(get_timezone_location(zone, locale=locale_of(language), return_city=True))
    except LookupError:
        return zone


@lru_cache(maxsize=1)
def _by_name() -> dict[str, str]:
    """Return the zones by their names and by their cities, in small letters."""
    every = sorted(each for each in available_timezones() if "/" in each or each == "UTC")
    # A city goes to the zone named last: those of the great regions, not old names such as US/Eastern.
    named = [each for each in every if not each.startswith(_NO_CITY)]
    named.sort(key=lambda each: each.startswith(_REGIONS))
    cities = {_folded(_city(zone, language)): zone for language in codes() for zone in named}
    return cities | {zone.casefold(): zone for zone in every}


def _folded(words: str) -> str:
    return " ".join(words.casefold().replace("ё", "е").split())
