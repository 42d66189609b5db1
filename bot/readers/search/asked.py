"""What a reader asks of the search: the words read into things to look for and filters. Any text at all can come in."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date

from bot.model.errors import Refusal
from bot.model.languages import Codes
from bot.model.search.query import Sought
from bot.model.story.topic import Topic, Topics
from bot.readers.search.dates import LONGEST, period_in
from bot.readers.search.synonyms import Synonyms
from bot.readers.topics import meant
from bot.stemming import composed, folded, words_of

MOST_CHARACTERS, MOST_THINGS = 200, 10
"""How long a search may be, and how many words and phrases of it are looked for."""

SHORTEST_PREFIX = 3
ALL = ("*",)
"""Stands for every language, where somebody asked for that."""

_LITTLE = frozenset(
    (
        *(
            "в",
            "во",
            "на",
            "с",
            "со",
            "и",
            "а",
            "но",
            "о",
            "об",
            "обо",
            "от",
            "до",
            "из",
            "за",
            "по",
            "к",
            "ко",
        ),
        *("у", "не", "что", "как", "для", "при", "это", "или", "же", "бы", "ли", "то"),
        *(
            "the",
            "a",
            "an",
            "of",
            "in",
            "on",
            "at",
            "to",
            "and",
            "or",
            "for",
            "is",
            "are",
            "was",
            "were",
            "be",
        ),
        *("by", "with", "from", "as"),
    )
)
"""Words that nobody looks for where there are others; in quotes they count."""

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
class Thing:
    """A word or phrase as it was typed, and what is looked for because of it."""

    said: str
    sought: Sought


@dataclass(frozen=True, slots=True)
class Asked:
    """What was asked, as it was understood.

    `since` and `until` (not included) are days where the reader is. `languages` none: those that the reader reads;
    ALL: every one. `no_topic` are words after # that name no topic: they are looked for instead. `cut` says that
    words were left out because there were too many, `short` that a prefix was too short to be one.
    """

    things: tuple[Thing, ...] = ()
    unwanted: tuple[Thing, ...] = ()
    since: date | None = None
    until: date | None = None
    topic: Topic | None = None
    languages: Codes = ()
    no_topic: str = ""
    cut: bool = False
    short: bool = False

    def __bool__(self) -> bool:
        """Return whether anything was asked."""
        filters = (self.since, self.until, self.topic, self.languages or None)
        return bool(self.things or self.unwanted) or any(each is not None for each in filters)


@dataclass(frozen=True, slots=True)
class _Piece:
    text: str
    quoted: bool
    unwanted: bool


def asked(text: str, topics: Topics, synonyms: Synonyms, today: date) -> Asked:
    """Return what the text asks for. Refused as `search-too-long` where it is longer than a search may be."""
    if len(text) > MOST_CHARACTERS:
        raise Refusal("search-too-long", most=MOST_CHARACTERS)
    return _Reading(topics, synonyms, today).read(tuple(_pieces(composed(text))))


def _pieces(text: str) -> Iterator[_Piece]:
    for found in _PIECE.finditer(text):
        quoted = found["quote"] is not None
        yield _Piece(found["quote"] if quoted else found["word"], quoted, found["not"] is not None)


@dataclass
class _Reading:
    topics: Topics
    synonyms: Synonyms
    today: date
    since: date | None = None
    until: date | None = None
    topic: Topic | None = None
    languages: Codes = ()
    no_topic: str = ""
    short: bool = False
    plain: list[tuple[str, tuple[str, ...]]] = field(default_factory=list)
    things: list[Thing] = field(default_factory=list)
    unwanted: list[Thing] = field(default_factory=list)

    def read(self, pieces: Sequence[_Piece]) -> Asked:
        at = 0
        while at < len(pieces):
            at += self._filter(pieces[at : at + LONGEST]) or self._thing(pieces[at])
        self._close()
        # What begins with other words than these is looked for, however it was typed.
        return Asked(
            tuple(self.things[:MOST_THINGS]),
            tuple(self.unwanted[:MOST_THINGS]),
            self.since,
            self.until,
            self.topic,
            self.languages,
            self.no_topic,
            cut=max(len(self.things), len(self.unwanted)) > MOST_THINGS,
            short=self.short,
        )

    def _filter(self, pieces: Sequence[_Piece]) -> int:
        """Take the filter that the pieces begin with; return how many pieces that took."""
        words = []
        for each in pieces:
            if each.quoted or each.unwanted:
                break
            words.append(each.text)
        if not words:
            return 0
        if words[0].startswith("#") and words[0].strip("#"):
            return self._topic(words[0])
        if found := period_in(words, self.today):
            period, count = found
            self.since, self.until = period.since or self.since, period.until or self.until
            return count
        for count in range(min(3, len(words)), 0, -1):
            if codes := _languages(" ".join(words[:count])):
                self.languages = codes
                return count
        return 0

    def _topic(self, word: str) -> int:
        name = word.strip("#").replace("_", " ")
        found = meant(self.topics, name)
        if found is None:
            self.no_topic = name
            return 0
        self.topic = found
        return 1

    def _thing(self, piece: _Piece) -> int:
        stems = tuple(word.stem for word in words_of(piece.text))
        prefix = not piece.quoted and piece.text.rstrip(",.;:!?").endswith("*")
        if not stems:
            return 1
        if piece.unwanted:
            self.unwanted.append(self._one(piece.text, stems, prefix=prefix, literal=piece.quoted))
        elif piece.quoted or prefix:
            self._close()
            self.things.append(self._one(piece.text, stems, prefix=prefix, literal=piece.quoted))
        else:
            self.plain.append((piece.text.strip(",.;:!?()"), stems))
        return 1

    def _one(self, said: str, stems: tuple[str, ...], *, prefix: bool, literal: bool) -> Thing:
        begins = folded(said).strip("*,.;:!?") if prefix else ""
        if prefix and begins.isalnum() and len(begins) >= SHORTEST_PREFIX:
            return Thing(said, Sought((stems,), begins[:64]))
        self.short = self.short or prefix
        if literal:
            quotes = "“{}”" if said.isascii() else "«{}»"
            return Thing(quotes.format(said.strip()), Sought((stems,)))
        return Thing(said, Sought(self.synonyms.of(stems)))

    def _close(self) -> None:
        """Read the plain words that stand side by side: together they may be one name of what has several."""
        at = 0
        while at < len(self.plain):
            count, phrases = self.synonyms.longest([stems for _, stems in self.plain[at:]])
            said = " ".join(word for word, _ in self.plain[at : at + count])
            if count > 1 or folded(said) not in _LITTLE:
                self.things.append(Thing(said, Sought(phrases)))
            at += count
        if not self.things and not self.unwanted:
            # Nothing but little words: then they are meant.
            self.things += [Thing(word, Sought((stems,))) for word, stems in self.plain]
        self.plain.clear()


def _languages(words: str) -> Codes:
    said = folded(words)
    if code := _CODE.fullmatch(said):
        return (code[1],)
    return next((codes for pattern, codes in _LANGUAGES if pattern.fullmatch(said)), ())
