"""Words of dates: the months in many languages (Unicode's CLDR, through Babel) and the names of time zones."""

from __future__ import annotations

import re
import unicodedata
from functools import cache, lru_cache

from babel import Locale

# English is known without a look into the tables: most feeds write it.
_ENGLISH = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
# Where two languages mean different months by one word, the first one here is believed. Croatian is left out:
# its months bear the names that Czech and Polish give to others.
_LANGUAGES = (
    *(
        "en",
        "ru",
        "uk",
        "de",
        "fr",
        "es",
        "it",
        "fi",
        "pt",
        "nl",
        "pl",
        "sv",
        "da",
        "nb",
        "be",
        "kk",
        "ky",
        "uz",
    ),
    *("tr", "cs", "sk", "bg", "sr", "ro", "hu", "et", "lv", "lt", "el", "de_AT"),
)
_SHORTEST = 3

_ZONES = {
    -600: "hst",
    -540: "akst",
    -480: "pst akdt",
    -420: "mst pdt",
    -360: "cst mdt",
    -300: "est cdt",
    -240: "ast edt",
    -210: "nst",
    -180: "adt brt art",
    0: "z ut utc gmt wet",
    60: "west bst cet met mez",
    120: "cest mest mesz eet sast",
    180: "eest msk мск москве московское московскому trt eat",
    240: "msd samt get azt",
    300: "yekt uzt tjt tmt almt pkt",
    330: "ist",
    360: "omst kgt",
    420: "novt krat",
    480: "irkt hkt sgt awst",
    540: "yakt jst kst",
    570: "acst",
    600: "vlat aest",
    660: "magt aedt",
    720: "pett nzst",
    780: "nzdt",
}
ZONES = {name: minutes for minutes, names in _ZONES.items() for name in names.split()}
"""Minutes east of Greenwich by a zone's short name; RFC 822, section 5.1, is followed where names collide."""


def folded(text: str) -> str:
    """Return the text in small letters without accents."""
    parts = unicodedata.normalize("NFKD", text.casefold())
    return "".join(letter for letter in parts if not unicodedata.combining(letter))


@lru_cache(4096)
def month(word: str) -> int | None:
    """Return the month, 1 to 12, that a folded word names in some language: in full, or by its first letters."""
    if word[:3] in _ENGLISH and _english(word):
        return _ENGLISH.index(word[:3]) + 1
    names = _names()
    if len(word) < _SHORTEST or word in names:
        return names.get(word)
    meant = {number for name, number in names.items() if name.startswith(word)}
    return meant.pop() if len(meant) == 1 else None


def _english(word: str) -> bool:
    return len(word) == _SHORTEST or re.fullmatch("(?:sept|[a-z]+(?:y|ch|il|ne|ly|st|er))", word) is not None


@cache
def _names() -> dict[str, int]:
    names: dict[str, int] = {}
    for language in _LANGUAGES:
        months = Locale.parse(language).months
        for context in ("format", "stand-alone"):
            for width in ("wide", "abbreviated"):
                for number, name in months[context][width].items():
                    names.setdefault(folded(name).rstrip("."), number)
    return names
