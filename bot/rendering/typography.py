"""Small corrections of type that both languages' style books ask for. Doing it twice changes nothing.

Links, mail addresses, @names and #tags inside the text are left as they are.
"""

from __future__ import annotations

import re

from bot.model.content import Mark, Run, Text

NBSP = "\u00a0"
_LEFT_ALONE = re.compile(r"(\b\w+://\S+|\bwww\.\S+|\S+@\S+|[@#$]\w+)")

# Мильчин, Чельцова. Справочник издателя и автора, 3.3: a number is not parted from its unit;
# SI Brochure, 9th ed., 5.4.3: a space stands between the number and the unit, and the line isn't broken there.
_UNITS = re.compile(
    r"(?<=\d)[ ](?=(?:тыс|млн|млрд|трлн|руб|коп|долл|евро|км|м|см|мм|кг|г|т|л|га|кВт|МВт|ГВт|°C|°С|ч|мин|сек"
    r"|лет|год[ау]?|[₽$€£¥%]|million|billion|trillion|thousand|km|m|cm|mm|kg|g|t|l|ha|kW|MW|GW|mph|percent|per cent)"
    r"(?:\W|$))"
)
# The same, 3.3: neither is a sign from its number.
_SIGNS = re.compile(r"(?<=[№§])[ ](?=\d)")
# The same, 6.1.1: groups of three digits belong to one number.
_GROUPS = re.compile(r"(?<![\d.,])\d{1,3}(?:[ ]\d{3})+(?![\d])")
# The same, 8.2: a preposition or conjunction of one letter doesn't end a line.
_SHORT_WORDS = re.compile(r"(?<![\w-])([аАвВиИкКоОсСуУяЯ])[ ](?=[\w«„\"(])")
# Розенталь. Справочник по правописанию, punctuation of the dash: it doesn't begin a line.
_DASHES = re.compile(r"(?<=\S)[ ](?=—\s)")


def typeset(text: str, language: str) -> str:
    """Return the text with its unbreakable spaces."""
    pieces = _LEFT_ALONE.split(text)
    return "".join(piece if at % 2 else _set(piece, language) for at, piece in enumerate(pieces))


def _set(text: str, language: str) -> str:
    text = _SIGNS.sub(NBSP, _UNITS.sub(NBSP, text))
    text = _GROUPS.sub(lambda match: match[0].replace(" ", NBSP), text)
    if language == "ru":
        text = _DASHES.sub(NBSP, _SHORT_WORDS.sub(rf"\1{NBSP}", text))
    return text


def typeset_runs(text: Text, language: str) -> Text:
    """Return the runs with their unbreakable spaces; code, links and times stay as they are."""
    return tuple(
        run
        if Mark.CODE in run.marks or run.href or run.unix is not None or run.note is not None
        else Run(typeset(run.text, language), run.marks)
        for run in text
    )
