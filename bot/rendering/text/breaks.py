"""Finds places to cut a text: between paragraphs, sentences, words; never inside a sign (grapheme cluster)."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable

_LINES = re.compile(r"\n+")
_SENTENCES = re.compile(r"""(?<![.!?…])[.!?…]++[»”"’')\]]*+\s++(?=[«“„"'(\[—–-]*\s?[A-ZА-ЯЁ\d])""")
_WORDS = re.compile(r"\s+")
# Words that end with a full stop inside a sentence (Мильчин, Чельцова. Справочник издателя и автора;
# The Chicago Manual of Style, ch. 10), and initials.
_SHORTENED = re.compile(
    r"(?:^|[\s(«„“\"\u00a0])(?:[A-ZА-ЯЁ]|г|гг|в|вв|р|ул|пр|д|им|т|п|с|о|обл|тыс|млн|млрд|трлн|руб|коп|см|рис|ст"
    r"|акад|проф|др|пр|св|напр|Mr|Mrs|Ms|Dr|St|Prof|Gen|Sen|No|vs|Inc|Ltd|Co|e\.g|i\.e|U\.S|U\.K)\.$"
)
_ZWJ = "\u200d"


def paragraph_ends(text: str) -> list[int]:
    """Return the ends of paragraphs and lines, each after its line ends."""
    return [match.end() for match in _LINES.finditer(text)]


def sentence_ends(text: str) -> list[int]:
    """Return the ends of sentences, each after the blank. A shortened word's full stop ends no sentence."""
    return [
        match.end()
        for match in _SENTENCES.finditer(text)
        if not _SHORTENED.search(text[max(0, match.start() - 8) : match.start() + 1])
    ]


def word_ends(text: str) -> list[int]:
    """Return the ends of words, each after the blank."""
    return [match.end() for match in _WORDS.finditer(text)]


def sign_end(text: str, limit: int) -> int:
    """Return the last place up to `limit` between two signs (grapheme clusters).

    Follows the rules of Unicode's UAX #29 that matter in practice: marks, variation selectors and skin
    tones stay with their base, joiners join, flags come in pairs. One sign longer than `limit` is cut.
    """
    at = min(limit, len(text))
    while 0 < at < len(text) and _joined(text, at):
        at -= 1
    return at or min(limit, len(text))


def _joined(text: str, at: int) -> bool:
    before, after = text[at - 1], text[at]
    if before == _ZWJ or _extends(after) or (before == "\r" and after == "\n"):
        return True
    if not (_flag(before) and _flag(after)):
        return False
    start = at
    while start and _flag(text[start - 1]):
        start -= 1
    return (at - start) % 2 == 1


def _extends(sign: str) -> bool:
    return (
        sign == _ZWJ
        or unicodedata.category(sign) in ("Mn", "Me", "Mc")
        or "\U0001f3fb" <= sign <= "\U0001f3ff"
        or "\U000e0020" <= sign <= "\U000e007f"
        or "\u1160" <= sign <= "\u11ff"
    )


def _flag(sign: str) -> bool:
    return "\U0001f1e6" <= sign <= "\U0001f1ff"


def best_cut(text: str, limit: int, allowed: Callable[[int], bool] = lambda _: True) -> int:
    """Return the best place to cut at or before `limit`: paragraph, sentence, word, else sign.

    A paragraph's or sentence's end is taken only in the second half of the room, so that no page comes out
    nearly empty. `allowed` forbids places, such as those inside a link; a link longer than the room is cut
    like any text.
    """
    if len(text) <= limit:
        return len(text)
    seen = text[: limit + 1]
    for ends, least in ((paragraph_ends, 2), (sentence_ends, 2), (word_ends, 4)):
        fitting = [at for at in ends(seen) if limit // least <= at <= limit and allowed(at)]
        if fitting:
            return fitting[-1]
    last = next((at for at in range(limit, 0, -1) if allowed(at)), 0)
    if last:
        return sign_end(text, last)
    return best_cut(text, limit) if limit else 0


def shorten(text: str, limit: int) -> str:
    """Return the text in at most `limit` characters: whole sentences, else whole words and «…»."""
    text = text.strip()
    if len(text) <= limit:
        return text
    if limit <= 0:
        return ""
    fitting = [
        at for at in sentence_ends(text[: limit + 2]) if limit // 3 <= len(text[:at].rstrip()) <= limit
    ]
    if fitting:
        return text[: fitting[-1]].rstrip()
    words = [at for at in word_ends(text[:limit]) if at >= limit // 2]
    end = words[-1] if words else sign_end(text, limit - 1)
    return text[:end].rstrip(" \n\u00a0,;:—–-.") + "…"
