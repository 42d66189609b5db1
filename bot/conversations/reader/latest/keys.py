"""What the buttons of /latest say: all that was asked for, so that nothing is kept.

A key is `latest:<topic>:<how many>`; where more was asked for, `:<page>:<first day>:<day after the last>:<languages>`
stand behind that.
"""

from __future__ import annotations

import re
from datetime import date

from bot.model.errors import Refusal
from bot.model.languages import Codes
from bot.model.press import pack, unpack
from bot.readers.latest import EVERY_TOPIC, MOST, USUAL, Wanted
from bot.readers.search.filters import ALL
from bot.readers.search.find import MOST_PAGES

LATEST, LIST, NARROW = "latest", "list", "narrow"

_NONE = "-"
_CODES = re.compile(r"[a-z]{2,3}(?:,[a-z]{2,3}){0,3}")
_DIGITS = "0123456789abcdefghijklmnopqrstuvwxyz"


def key(wanted: Wanted) -> str:
    """Return what a button says to have that listed."""
    topic = 0 if wanted.topic_id is None else wanted.topic_id
    if not wanted.narrowed and not wanted.page:
        return pack(LATEST, topic, wanted.limit)
    days = [_NONE if day is None else _short(day.toordinal()) for day in (wanted.since, wanted.until)]
    languages = "all" if wanted.languages == ALL else ",".join(wanted.languages) or _NONE
    return pack(LATEST, topic, wanted.limit, wanted.page, *days, languages)


def wanted_of(data: str) -> Wanted:
    """Return what a key asks for. Refused where it was forged."""
    said = unpack(data)
    topic, limit = said.number(0) or 0, said.number(1) or USUAL
    page = said.number(2) or 0
    if not 0 <= page < MOST_PAGES or topic < EVERY_TOPIC:
        raise Refusal("stale")
    since, until = (_day(said.args[at]) if at < len(said.args) else None for at in (3, 4))
    languages = _languages(said.args[5]) if len(said.args) > 5 else ()
    return Wanted(topic or None, max(1, min(MOST, limit)), page, since, until, languages)


def _day(word: str) -> date | None:
    if word == _NONE:
        return None
    try:
        return date.fromordinal(int(word, 36) if len(word) <= 5 else 0)
    except (ValueError, OverflowError):
        raise Refusal("stale") from None


def _languages(word: str) -> Codes:
    if word in (_NONE, "all"):
        return ALL if word == "all" else ()
    if not _CODES.fullmatch(word):
        raise Refusal("stale")
    return tuple(word.split(","))


def _short(number: int) -> str:
    """Return a number in base 36, in few letters."""
    said = ""
    while number:
        number, at = divmod(number, 36)
        said = _DIGITS[at] + said
    return said
