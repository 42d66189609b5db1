"""What a reader asks of the search: the words read into things to look for and filters. Any text at all can come in."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date

from bot.model.errors import Refusal
from bot.model.languages import Codes
from bot.model.search.query import Sought
from bot.model.story.topic import Topic, Topics
from bot.readers.search.dates import LONGEST
from bot.readers.search.filters import Filters, Piece, pieces_of
from bot.readers.search.synonyms import Synonyms
from bot.stemming import composed, folded, words_of

MOST_CHARACTERS, MOST_THINGS = 200, 10
"""How long a search may be, and how many words and phrases of it are looked for."""

SHORTEST_PREFIX = 3
LITTLE = frozenset(
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


def asked(text: str, topics: Topics, synonyms: Synonyms, today: date, *, typing: bool = False) -> Asked:
    """Return what the text asks for. Refused as `search-too-long` where it is longer than a search may be.

    `typing`: the last word may be the beginning of one, unless a blank stands behind it.
    """
    if len(text) > MOST_CHARACTERS:
        raise Refusal("search-too-long", most=MOST_CHARACTERS)
    open_ended = typing and text == text.rstrip()
    return _Reading(Filters(topics, today), synonyms, open_ended).read(tuple(pieces_of(composed(text))))


@dataclass
class _Reading:
    filters: Filters
    synonyms: Synonyms
    typing: bool = False
    short: bool = False
    plain: list[tuple[str, tuple[str, ...]]] = field(default_factory=list)
    things: list[Thing] = field(default_factory=list)
    unwanted: list[Thing] = field(default_factory=list)

    def read(self, pieces: Sequence[Piece]) -> Asked:
        at, plain = 0, False
        while at < len(pieces):
            taken = self.filters.take(pieces[at : at + LONGEST])
            plain = not taken and not pieces[at].quoted and not pieces[at].unwanted
            at += taken or self._thing(pieces[at])
        self._close(last=self.typing and plain)
        # What begins with other words than these is looked for, however it was typed.
        return Asked(
            tuple(self.things[:MOST_THINGS]),
            tuple(self.unwanted[:MOST_THINGS]),
            self.filters.since,
            self.filters.until,
            self.filters.topic,
            self.filters.languages,
            self.filters.no_topic,
            cut=max(len(self.things), len(self.unwanted)) > MOST_THINGS,
            short=self.short,
        )

    def _thing(self, piece: Piece) -> int:
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

    def _close(self, *, last: bool = False) -> None:
        """Read the plain words that stand side by side: together they may be one name of what has several.

        `last`: the last of them may be the beginning of a word.
        """
        at = 0
        while at < len(self.plain):
            count, phrases = self.synonyms.longest([stems for _, stems in self.plain[at:]])
            said = " ".join(word for word, _ in self.plain[at : at + count])
            at += count
            begins = folded(said) if last and count == 1 and at == len(self.plain) else ""
            if not begins.isalnum() or len(begins) < SHORTEST_PREFIX:
                begins = ""
            if count > 1 or folded(said) not in LITTLE or begins:
                self.things.append(Thing(said, Sought(phrases, begins[:64])))
        if not self.things and not self.unwanted:
            # Nothing but little words: then they are meant.
            self.things += [Thing(word, Sought((stems,))) for word, stems in self.plain]
        self.plain.clear()
