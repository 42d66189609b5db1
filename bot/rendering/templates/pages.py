"""Pages of HTML for a browser: the operator's. How they write figures, sizes, times and ages."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from functools import partial
from typing import Any

from babel.dates import format_timedelta
from babel.numbers import format_decimal
from babel.units import format_unit
from markupsafe import Markup

from bot.rendering.templates.environment import Templates
from bot.rendering.text.times import date_words, locale_of, zone_of
from bot.tongues import SOURCE, TONGUES

THIN = "\u202f"
"""Between groups of digits (Мильчин, Чельцова, 6.1.6: thin, and no line breaks there)."""

_UNITS = ("byte", "kilobyte", "megabyte", "gigabyte", "terabyte")


class Pages:
    """Renders the templates of `templates/operator/`."""

    def __init__(self, templates: Templates) -> None:
        self._templates = templates

    @property
    def languages(self) -> Sequence[tuple[str, str]]:
        """The languages that the pages are in, as codes and their own names: no drafts."""
        return [(each.code, each.name) for each in TONGUES if not each.draft]

    def language(self, *wanted: str) -> str:
        """Return the language to write in for IETF codes, the dearest first; English where none is ours."""
        for code in wanted:
            theirs = code.replace("_", "-").partition("-")[0].lower()
            for each in TONGUES:
                if not each.draft and theirs in (each.code, *each.people.split()):
                    return each.code
        return SOURCE

    def render(self, name: str, language: str, /, *, zone: str, now: datetime, **facts: Any) -> str:
        """Return the page `operator/<name>.j2`. Beside the facts it has functions that write figures and times."""
        words: dict[str, Callable[..., Any]] = {
            "figure": partial(figure, language=language),
            "bytes": partial(size_words, language=language),
            "age": partial(age, now=now, language=language, zone=zone),
            "span": partial(span, language=language),
            "clock": partial(clock, now=now, language=language, zone=zone),
        }
        shown = words | facts | {"languages": self.languages}
        return self._templates.page(f"operator/{name}.j2", language, zone=zone, now=now, **shown)


def figure(value: float, digits: int = 0, *, language: str) -> str:
    """Return a number with thin spaces, or English commas, between its groups: `12 345`, `0,8`."""
    rounded = round(value, digits) if digits else round(value)
    return str(format_decimal(rounded, locale=locale_of(language))).replace("\u00a0", THIN)


def size_words(count: int, *, language: str) -> str:
    """Return bytes in the unit that says enough: `12,4 MB`."""
    value, unit = float(count), 0
    while value >= 1000 and unit < len(_UNITS) - 1:
        value, unit = value / 1000, unit + 1
    shown = round(value, 1) if value < 100 and unit else round(value)
    words = format_unit(shown, f"digital-{_UNITS[unit]}", "short", locale=locale_of(language))
    return _unbroken(str(words))


def span(seconds: float, *, language: str) -> str:
    """Return a span in the unit that says enough: `3 мин`."""
    words = format_timedelta(
        timedelta(seconds=max(1, round(seconds))), threshold=1.5, format="short", locale=locale_of(language)
    )
    return _unbroken(words)


def age(at: datetime, *, now: datetime, language: str, zone: str) -> Markup:
    """Return how long ago something was, or in how long it will be; the exact time is shown to who points at it."""
    gone = round((at - now).total_seconds()) or -1
    words = format_timedelta(
        timedelta(seconds=gone),
        threshold=1.5,
        add_direction=True,
        format="short",
        locale=locale_of(language),
    )
    title = f"{date_words(at, now, language, zone)}:{at.astimezone(zone_of(zone)):%S}"
    return _time(at, title, _unbroken(words))


def clock(at: datetime, *, now: datetime, language: str, zone: str) -> Markup:
    """Return the time of day; before today also the day."""
    local = at.astimezone(zone_of(zone))
    whole = date_words(at, now, language, zone)
    same = local.date() == now.astimezone(zone_of(zone)).date()
    return _time(at, whole, f"{local:%H:%M}" if same else _unbroken(whole))


def _time(at: datetime, title: str, words: str) -> Markup:
    iso = at.isoformat(timespec="seconds")
    return Markup('<time datetime="{}" title="{}">{}</time>').format(iso, title, words)


def _unbroken(words: str) -> str:
    return words.replace(" ", "\u00a0")
