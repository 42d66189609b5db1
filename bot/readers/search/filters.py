"""Filters among what a reader types: days, a topic, languages. A search reads them, and so does /latest."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from bot.model.languages import Codes
from bot.model.story.topic import Topic, Topics
from bot.readers.search.dates import LONGEST, bare_day_in, period_in
from bot.readers.topics import meant
from bot.stemming import folded

ALL = ("*",)
"""Stands for every language, where somebody asked for that."""

_PIECE = re.compile(
    r"(?:(?<!\S)(?P<not>[-−–—]))?(?:[«“„\"](?P<quote>[^«»“”„\"]*)[»”“\"]|(?P<word>[^\s«»“”„\"]+))"
)
_LANGUAGES = (
    (re.compile(r"(?:на|по)[ -](?:русском|русски)(?: языке)?|in russian"), ("ru",)),
    (re.compile(r"(?:на|по)[ -](?:английском|английски)(?: языке)?|in english"), ("en",)),
    (
        re.compile(r"на (?:кыргызском|киргизском)(?: языке)?|по-?(?:кыргызски|киргизски)|кыргызча|in kyrgyz"),
        ("ky",),
    ),
    (re.compile(r"на (?:всех|любых|любом|разных) языках?е?|in (?:all|any) languages?"), ALL),
)
_CODE = re.compile(r"(?:lang|language|язык):([a-z]{2,3})")


@dataclass(frozen=True, slots=True)
class Piece:
    """A word as it was typed, or what stood in quotes; `unwanted` with a dash before it."""

    text: str
    quoted: bool
    unwanted: bool


def pieces_of(text: str) -> Iterator[Piece]:
    """Yield the words and quotes of a text, in order."""
    for found in _PIECE.finditer(text):
        quoted = found["quote"] is not None
        yield Piece(found["quote"] if quoted else found["word"], quoted, found["not"] is not None)


@dataclass(slots=True)
class Filters:
    """What was read so far. `since` and `until` (not included) are days where the reader is.

    `languages` none: those that the reader reads; ALL: every one. `no_topic` is a word after # that names no topic.
    """

    topics: Topics
    today: date
    since: date | None = None
    until: date | None = None
    topic: Topic | None = None
    languages: Codes = ()
    no_topic: str = ""

    def take(self, pieces: Sequence[Piece], *, bare: bool = False) -> int:
        """Take the filter that the pieces begin with; return how many pieces that took, 0 where they begin with none.

        `bare` ones are days without a word before them too: nothing else is meant there by `9 мая`.
        """
        words = []
        for each in pieces[:LONGEST]:
            if each.quoted or each.unwanted:
                break
            words.append(each.text)
        if not words:
            return 0
        if words[0].startswith("#") and words[0].strip("#"):
            return self._take_topic(words[0])
        if found := period_in(words, self.today) or (bare_day_in(words, self.today) if bare else None):
            period, count = found
            self.since, self.until = period.since or self.since, period.until or self.until
            return count
        for count in range(min(3, len(words)), 0, -1):
            if codes := _languages(" ".join(words[:count])):
                self.languages = codes
                return count
        return 0

    def _take_topic(self, word: str) -> int:
        name = word.strip("#").replace("_", " ")
        found = meant(self.topics, name)
        if found is None:
            self.no_topic = name
            return 0
        self.topic = found
        return 1


def _languages(words: str) -> Codes:
    said = folded(words)
    if code := _CODE.fullmatch(said):
        return (code[1],)
    return next((codes for pattern, codes in _LANGUAGES if pattern.fullmatch(said)), ())
