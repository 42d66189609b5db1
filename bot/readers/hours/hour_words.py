"""Hours as a reader writes them behind a command, in Russian or English: `9:00 18:00 weekdays`, `23-7 weekend 1-10`."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import time

from bot.model.errors import Refusal
from bot.model.hours import EVERY_DAY, WEEKEND, WORKDAYS, DigestTime, Quiet

LONGEST = 200
"""How many characters such words may have."""

_OFF = {"off", "no", "none", "нет", "выкл", "выключить", "отключить", "отмена", "не надо", "без"}
_CLOCK = re.compile(r"(\d{1,2})(?:[:.](\d{2}))?(am|pm)?")
_SPAN = re.compile(r"(\d{1,2})(?:[:.](\d{2}))?-(\d{1,2})(?:[:.](\d{2}))?")
_WEEKDAYS = (
    r"пн|понедельник\w*|mon|mondays?",
    r"вт|вторник\w*|tue|tuesdays?",
    r"ср|сред\w{1,2}|wed|wednesdays?",
    r"чт|четверг\w*|thu|thursdays?",
    r"пт|пятниц\w*|fri|fridays?",
    r"сб|суббот\w*|sat|saturdays?",
    r"вс|воскресень\w*|sun|sundays?",
)
_SETS = {
    r"ежедневно|daily|everyday": EVERY_DAY,
    r"буд\w+|рабочие|weekdays?|workdays?": WORKDAYS,
    r"выходн\w+|weekends?": WEEKEND,
}
_FILLERS = {
    "at",
    "on",
    "from",
    "and",
    "the",
    "в",
    "во",
    "на",
    "по",
    "и",
    "с",
    "со",
    "дни",
    "дням",
    "only",
    "только",
}
_COUNT = re.compile(
    r"(\d{1,6})(?:/| ?(?:в|за|an?|per|each|every) )? ?(часа?|ч|hours?|h|день|сутки|д|days?|d)?(?!\w)"
)


@dataclass(frozen=True, slots=True)
class QuietWords:
    """Quiet hours as they were asked for; `weekend` alone where `weekend_said`. None: no quiet hours."""

    quiet: Quiet | None
    quiet_said: bool
    weekend: Quiet | None
    weekend_said: bool


@dataclass(frozen=True, slots=True)
class LimitWords:
    """Caps as they were asked for; None: not spoken of. `off`: none at all."""

    hour: int | None = None
    day: int | None = None
    off: bool = False


def is_off(words: str) -> bool:
    """Return whether the words turn something off."""
    return _plain(words) in _OFF


def digest_times(words: str) -> tuple[DigestTime, ...]:
    """Return when digests shall come; nothing where they shall not. Refused where the words don't say so.

    Days belong to the times before them; where the words begin with days, to those behind.
    """
    if is_off(words):
        return ()
    groups = _groups(_tokens(words))
    if not any(times for times, _ in groups):
        raise Refusal("unclear-hours")
    return tuple(DigestTime(each, days or EVERY_DAY) for times, days in groups for each in times)


def _groups(tokens: Sequence[str]) -> list[tuple[list[time], int]]:
    """Return times with the days that stand behind them; before them, where the words begin with days."""
    days_first = bool(tokens) and _days(tokens[0]) is not None
    groups: list[tuple[list[time], int]] = [([], 0)]
    for token in tokens:
        bits = _days(token)
        times, days = groups[-1]
        if bits is not None and days_first and times:
            groups.append(([], bits))
        elif bits is not None:
            groups[-1] = (times, days | bits)
        elif days and not days_first:
            groups.append(([_clock(token)], 0))
        else:
            times.append(_clock(token))
    return groups


def quiet_hours(words: str) -> QuietWords:
    """Return the quiet hours that are meant. Refused where the words don't say so."""
    text = re.sub(r"(?:from|с|со) ?([\d:.]+) ?(?:to|till|until|до) ?([\d:.]+)", r"\1-\2", _plain(words))
    text = re.sub(r"(\d) ?- ?(\d)", r"\1-\2", text)
    said: dict[bool, Quiet | None] = {}
    of_weekend = False
    for token in text.split():
        if _days(token) == WEEKEND:
            of_weekend = True
        elif token in _OFF:
            said[of_weekend] = None
        elif token not in _FILLERS:
            said[of_weekend] = _span(token)
    if not said:
        raise Refusal("unclear-hours")
    weekend = said.get(True)
    if True in said and weekend is None:
        weekend = (time(), time())
    return QuietWords(said.get(False), False in said, weekend, True in said)


def limits(words: str) -> LimitWords:
    """Return the caps that are meant; a number alone is one of a day. Refused where the words don't say so."""
    if is_off(words):
        return LimitWords(off=True)
    hour: int | None = None
    day: int | None = None
    rest = _plain(words)
    while rest:
        step = _COUNT.match(rest)
        if step is None:
            raise Refusal("unclear-hours")
        if step[2] is not None and step[2][0] in "чh":
            hour = int(step[1])
        else:
            day = int(step[1])
        rest = rest[step.end() :].strip()
        rest = re.sub(r"^(?:and|и) ", "", rest)
    if hour is None and day is None:
        raise Refusal("unclear-hours")
    return LimitWords(hour, day)


def _plain(words: str) -> str:
    if len(words) > LONGEST:
        raise Refusal("unclear-hours")
    said = words.casefold().replace("ё", "е").replace("–", "-").replace("—", "-")
    return " ".join(re.sub(r"[,;!]", " ", said).split())


def _tokens(words: str) -> list[str]:
    text = re.sub(r"(\d) (am|pm)\b", r"\1\2", _plain(words))
    text = re.sub(r"every day|кажд\w+ день|все дни", "daily", text)
    text = re.sub(r"(\d)(?: ?(?:час(?:а|ов)?|ч))\b", r"\1", text)
    return [each for each in text.replace(" - ", "-").split() if each not in _FILLERS]


def _days(token: str) -> int | None:
    """Return the days of the week that a word names, as bits; None where it names none."""
    for names, bits in _SETS.items():
        if re.fullmatch(names, token):
            return bits
    first, dash, last = token.partition("-")
    begins, ends = _weekday(first), _weekday(last) if dash else _weekday(first)
    if begins is None or ends is None:
        return None
    bits, day = 1 << ends, begins
    while day != ends:
        bits |= 1 << day
        day = (day + 1) % 7
    return bits


def _weekday(word: str) -> int | None:
    return next((at for at, names in enumerate(_WEEKDAYS) if re.fullmatch(names, word)), None)


def _clock(token: str) -> time:
    found = _CLOCK.fullmatch(token)
    if found is None:
        raise Refusal("unclear-hours")
    return _time(int(found[1]), int(found[2] or 0), found[3])


def _span(token: str) -> Quiet:
    found = _SPAN.fullmatch(token)
    if found is None:
        raise Refusal("unclear-hours")
    return _time(int(found[1]), int(found[2] or 0)), _time(int(found[3]), int(found[4] or 0))


def _time(hour: int, minute: int, half: str | None = None) -> time:
    if half is not None and 1 <= hour <= 12:
        hour = hour % 12 + (12 if half == "pm" else 0)
    if hour == 24 and not minute:
        hour = 0
    if hour > 23 or minute > 59:
        raise Refusal("unclear-hours")
    return time(hour, minute)
