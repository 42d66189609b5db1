"""The place and agency that open a wire story: «ГОРОД (Агентство).», "CITY, May 3 (Agency) —"."""

from __future__ import annotations

import re

from bot.model.story.content import Block, Blocks, Paragraph, plain, without_first

_LONGEST = 300
_UPPER = "A-ZА-ЯЁІЇЄҐҚҒҮҰҢӨӘҺЎÀ-ÖØ-Þ"
_CITY = rf"[{_UPPER}][{_UPPER}’'.\- ]{{1,40}}(?:(?:/|, )[{_UPPER}][{_UPPER}’'.\- ]{{1,40}})*"
_DAY = r"(?:\d{1,2} [а-яё]{3,9}|[A-Z][a-z]{2,8}\.? \d{1,2})(?:,? \d{4}(?: г(?:ода|\.))?)?"
_DATELINE = re.compile(
    rf"(?:{_CITY}(?:[,.] {_DAY})?[,.]? ?(?:\([^()\n]{{2,60}}\)|/[^/\n]{{2,40}}/)"
    rf"|{_CITY}, {_DAY} ?[—–-] ?[^\s.—–-][^\n.—–]{{1,30}})"
    r" ?(?:\.? ?[—–-]{1,2}|[.:])(?=\s|$)"
)


def split_dateline(text: str) -> tuple[str, str]:
    """Return the dateline that opens a text, as written, and the rest of the text; without one, "" and the text."""
    found = _DATELINE.match(text, 0, _LONGEST)
    return (found[0].strip(), text[found.end() :].lstrip()) if found else ("", text)


def lift_dateline(blocks: Blocks) -> tuple[str, Blocks]:
    """Return the dateline that opens the first paragraph, else an empty text, and the blocks without it."""
    for at, block in enumerate(blocks):
        if isinstance(block, Paragraph):
            dateline, rest = split_dateline(plain(block.text))
            if not dateline:
                break
            kept = without_first(block.text, len(plain(block.text)) - len(rest))
            middle: tuple[Block, ...] = (Paragraph(kept),) if kept else ()
            return dateline, (*blocks[:at], *middle, *blocks[at + 1 :])
    return "", blocks
