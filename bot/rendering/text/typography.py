"""Sets type as the Russian and English style books ask: quotes, dashes, ellipses, unbreakable spaces.

Only the signs between words change; setting a text twice changes nothing more. Links, mail addresses,
@names, #tags, $TICKERS, code and times stay as they are. The rules and their sources are below, each once.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterable, Iterator
from dataclasses import replace
from itertools import accumulate

from bot.model.story.content import Mark, Run, Text

NBSP = "\u00a0"
_LEFT_ALONE = re.compile(
    r"""\b\w+://[^\s"«»“”„]+|\bwww\.[^\s"«»“”„]+|(?<![\w.+-])[\w.+-]++@[\w.-]+|[@#]\w+|\$[A-Za-z]{1,8}\b"""
)

_LINKED = ("@", "#", "$", "://", "www.")

Edit = tuple[int, int, str]
Range = tuple[int, int]

# --- Ellipsis. Мильчин, Чельцова. Справочник издателя и автора, 3.4; The Chicago Manual of Style, 13.50: one
# sign for three points.
_ELLIPSIS = re.compile(r"(?<!\.)\.\.\.(?!\.)")

# --- Dashes. Розенталь. Справочник по правописанию, §§ 79-81: a dash, not a hyphen, stands between words apart;
# The Chicago Manual of Style, 6.91 and New Hart's Rules, 4.11: in English a spaced en rule. Two hyphens are a
# typist's dash (CMOS 6.91).
_SPACED = re.compile(r"(?<=\S)([ \u00a0])(?:-{1,2}|[–—])(?=[ \u00a0]\S)")
_OPENING = re.compile(r"\A(?:-{1,2}|–)(?=[ \u00a0]\w)")
_TYPED = re.compile(r"(?<=[^\W\d_])--(?=[^\W\d_])")
# Мильчин, Чельцова, 6.2.3; CMOS 6.83: an en dash between the ends of a range. What has more hyphens, a letter
# or a foreign name before it (telephones, dates, types of aircraft), is no range.
_RANGE = re.compile(r"(?<![\w.,/:\-–−№])\d{1,4}(-)\d{1,4}(?![\w/:\-–−]|[.,]\d)")
_NAMED = re.compile(r"[A-Z][\w-]*[ \u00a0]\Z")
_NAME = 24

# --- Quotes. Розенталь, § 140; Мильчин, Чельцова, 3.9: «ёлочки», inside them „лапки“; CMOS 13.9: “double”.
_QUOTES = re.compile('["«»„“”]')
_PAIRS = {"ru": (("«", "»"), ("„", "“")), "en": (("“", "”"), ("“", "”"))}
_TAKEN = {"ru": '"«»„“”', "en": '"“”'}
_BEFORE_OPENING = re.compile(r"""[\s(\[{«„“"—–/\u00a0]""")

# --- Spaces that don't break a line.
_UNITS = (
    r"тыс|млн|млрд|трлн|руб|коп|долл|евро|км|м|см|мм|кг|г|т|л|га|кВт|МВт|ГВт|°C|°С|°|ч|мин|сек|с|лет|год(?:а|у|е|ы|ов|ах|ам|ом)?|гг|вв?|"
    r"января|февраля|марта|апреля|мая|июня|июля|августа|сентября|октября|ноября|декабря|"
    r"[₽$€£¥%‰]|million|billion|trillion|thousand|bn|km|m|cm|mm|kg|g|t|l|ha|kW|MW|GW|mph|km/h|percent|per cent|"
    r"January|February|March|April|May|June|July|August|September|October|November|December|a\.m|p\.m|am|pm"
)
_MONEY = r"руб|долл|евро|тенге|сом|юан|иен|фунт|dollars|euros|pounds|roubles|rubles|yuan|[₽$€£¥]"
_ANY_LANGUAGE = (
    # Мильчин, Чельцова, 3.3; SI Brochure, 9th ed., 5.4.3: a number is not parted from its unit or its month.
    rf"(?<=\d[ ])(?=(?:{_UNITS})(?!\w))",
    # The same: neither is a sign from its number.
    r"(?<=[№§$€£¥₽][ ])(?=\d)",
    # The same, 6.1: a sum of money is one number, whatever words it is written with.
    *(
        rf"(?<={word}[ ])(?={_MONEY})"
        for word in ("тыс", "тыс.", "млн", "млрд", "трлн", "million", "billion")
    ),
    # The same, 3.3: initials stay with each other and with the surname, on either side.
    r"(?<=[^\w.][A-ZА-ЯЁ]\.[ ])(?=[A-ZА-ЯЁ](?:\.|[a-zа-яё]))",
    r"(?<=\A[A-ZА-ЯЁ]\.[ ])(?=[A-ZА-ЯЁ](?:\.|[a-zа-яё]))",
    r"(?<=\.[A-ZА-ЯЁ]\.[ ])(?=[A-ZА-ЯЁ][a-zа-яё])",
    r"(?<=[a-zа-яё][ ])(?=[A-ZА-ЯЁ]\.[ \u00a0]?[A-ZА-ЯЁ]\.)",
)
_ONE = "авикосуя"
_TWO = "во|до|за|из|ко|на|не|ни|но|об|от|по|со"
_SHORTENED = "г|д|с|т|ч|п|гл|им|ст|ул|пр|пл|св|см|рис|стр|тов|проф|акад"
_NBSP = {
    "ru": (
        *_ANY_LANGUAGE,
        # The same, 8.2: a preposition, conjunction or particle of a letter or two doesn't end a line.
        rf"(?i:(?<=[^\w-][{_ONE}][ ])|(?<=\A[{_ONE}][ ]))(?=[\w«„\"(])",
        rf"(?i:(?<=[^\w-](?:{_TWO})[ ])|(?<=\A(?:{_TWO})[ ]))(?=[\w«„\"(])",
        # The same: the particles бы, ли, же don't begin one.
        r"(?<=\w[ ])(?=(?:бы|ли|же|б|ж)(?!\w))",
        # The same, 10.2: a shortened word stays with what it belongs to.
        *(rf"(?<={word}\.[ ])(?<![\w.]{word}\.[ ])(?=[\w«])" for word in _SHORTENED.split("|")),
        r"(?<=\bт\.[ ])(?=[еодкпч]\.)",
        # Розенталь, punctuation of the dash: it doesn't begin a line.
        r"(?<=\S[ ])(?=—\s)",
    ),
    "en": (
        *_ANY_LANGUAGE,
        # CMOS 7.58: a title stays with its name; Hart, 2.5: a one-letter word doesn't end a line.
        *(
            rf"(?<=\b{title}[ ])(?=[A-Z])"
            for title in ("Mr", "Mr.", "Mrs", "Mrs.", "Ms", "Ms.", "Dr", "Dr.", "St")
        ),
        r"(?<=\bNo\.[ ])(?=\d)",
        r"(?<=[^\w'’-][aAI][ ])(?=\w)",
        r"(?<=\S[ ])(?=[–—]\s)",
    ),
}
_GAPS = {language: re.compile("[ ](?:" + "|".join(rules) + ")") for language, rules in _NBSP.items()}
_GAPS_ELSEWHERE = re.compile("[ ](?:" + "|".join(_ANY_LANGUAGE) + ")")
# Мильчин, Чельцова, 6.1.1: groups of three digits belong to one number.
_GROUPS = re.compile(r"(?<![\d.,])\d{1,3}(?:[ ]\d{3})+(?!\d)")


def typeset(text: str, language: str) -> str:
    """Return the text typeset for the language (IETF code); an unknown language gets the rules common to all."""
    return _set(text, language, [], ())[0]


def typeset_runs(text: Text, language: str) -> Text:
    """Return the runs typeset for the language; a quotation may begin in one run and end in another."""
    ends = list(accumulate(len(run.text) for run in text))
    kept = [(end - len(run.text), end) for run, end in zip(text, ends, strict=True) if _as_it_is(run)]
    whole, ends = _set("".join(run.text for run in text), language, ends, kept)
    starts = [0, *ends][:-1]
    return tuple(
        replace(run, text=whole[start:end]) for run, start, end in zip(text, starts, ends, strict=True)
    )


def _as_it_is(run: Run) -> bool:
    return Mark.CODE in run.marks or bool(run.href) or run.unix is not None or run.note is not None


def _set(text: str, language: str, ends: list[int], kept: Iterable[Range]) -> tuple[str, list[int]]:
    """Return the text set, and where its runs end then. What is `kept` stays as it is."""
    code = language.partition("-")[0]
    protected = list(kept)
    linked = any(sign in text for sign in _LINKED)
    for rule in (_ellipses, _dashes, _quotes, _spaces):
        found = sorted(rule(text, code))
        if not found:
            continue
        found_links = _LEFT_ALONE.finditer(text) if linked else ()
        safe = _merged([*protected, *(match.span() for match in found_links)])
        edits = [edit for edit in found if not _touches(edit, safe)]
        if rule is _quotes and len(edits) != len(found):
            edits = list(_quotes(_blanked(text, safe), code))
        text, ends, protected = _edited(text, ends, protected, edits)
    return text, ends


def _merged(ranges: Iterable[Range]) -> list[Range]:
    merged: list[Range] = []
    for start, end in sorted(ranges):
        if merged and start <= merged[-1][1]:
            merged[-1] = (merged[-1][0], max(end, merged[-1][1]))
        else:
            merged.append((start, end))
    return merged


def _touches(edit: Edit, ranges: list[Range]) -> bool:
    at = bisect_left(ranges, (edit[1],)) - 1
    return at >= 0 and edit[0] < ranges[at][1]


def _blanked(text: str, ranges: list[Range]) -> str:
    parts: list[str] = []
    at = 0
    for start, end in ranges:
        parts += [text[at:start], "x" * (end - start)]
        at = end
    return "".join([*parts, text[at:]])


def _edited(
    text: str, ends: list[int], protected: list[Range], edits: list[Edit]
) -> tuple[str, list[int], list[Range]]:
    if not edits:
        return text, ends, protected
    parts: list[str] = []
    at = 0
    for start, end, new in edits:
        parts += [text[at:start], new]
        at = end
    olds = [end for _, end, _ in edits]
    shifts = [0, *accumulate(len(new) - (end - start) for start, end, new in edits)]

    def moved(place: int) -> int:
        return place + shifts[bisect_left(olds, place + 1)]

    return (
        "".join([*parts, text[at:]]),
        [moved(end) for end in ends],
        [(moved(start), moved(end)) for start, end in protected],
    )


def _ellipses(text: str, _language: str) -> Iterator[Edit]:
    if "..." in text:
        yield from ((*match.span(), "…") for match in _ELLIPSIS.finditer(text))


def _dashes(text: str, language: str) -> Iterator[Edit]:
    if language not in _PAIRS or not ("-" in text or "–" in text or "—" in text):
        return
    sign = "—" if language == "ru" else "–"
    for match in _SPACED.finditer(text):
        said = match[0][1:]
        wanted = said if said == "—" or (language == "en" and said == "–") else sign
        if said != wanted:
            yield match.start() + 1, match.end(), "—" if said == "--" else wanted
    if language == "ru" and (speech := _OPENING.match(text)):
        yield *speech.span(), "—"
    if "--" in text:
        yield from ((*match.span(), "—") for match in _TYPED.finditer(text))
    for match in _RANGE.finditer(text):
        if not _NAMED.search(text, max(0, match.start() - _NAME), match.start()):
            yield *match.span(1), "–"


def _quotes(text: str, language: str) -> Iterator[Edit]:
    """Yield the quotes that are to be others; none where they don't come in pairs (inches, slips)."""
    taken = _TAKEN.get(language)
    if taken is None:
        return iter(())
    opened: list[str] = []
    found: list[Edit] = []
    for match in _QUOTES.finditer(text):
        sign, at = match[0], match.start()
        if sign not in taken:
            continue
        opens = _opens(text, at, opened)
        if not opens and not opened:
            return iter(())
        depth = len(opened) if opens else len(opened) - 1
        pair = _PAIRS[language][depth % 2]
        if opens:
            opened.append(sign)
        else:
            opened.pop()
        wanted = pair[0] if opens else pair[1]
        if wanted != sign:
            found.append((at, at + 1, wanted))
    return iter(() if opened else found)


def _opens(text: str, at: int, opened: list[str]) -> bool:
    sign = text[at]
    if sign in "«„":
        return True
    if sign in "»”":
        return False
    if sign == "“":
        return not opened or opened[-1] != "„"
    before, after = text[at - 1 : at], text[at + 1 : at + 2]
    return bool(after.strip()) and (not before or bool(_BEFORE_OPENING.fullmatch(before)))


def _spaces(text: str, language: str) -> Iterator[Edit]:
    if " " not in text:
        return
    gaps = {match.start() for match in _GAPS.get(language, _GAPS_ELSEWHERE).finditer(text)}
    for match in _GROUPS.finditer(text):
        gaps.update(at for at in range(*match.span()) if text[at] == " ")
    yield from ((at, at + 1, NBSP) for at in gaps)
