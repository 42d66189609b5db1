"""Words that somebody wants to watch for, read from any text at all."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass

from bot.model.errors import Refusal
from bot.model.search.alert import AlertTerms, Term
from bot.model.search.query import Query, Sought
from bot.readers.search.asked import LITTLE
from bot.readers.search.synonyms import Synonyms
from bot.stemming import composed, folded, words_of

MOST_CHARACTERS, MOST_WORDS, MOST_AT_ONCE = 100, 10, 5
"""How long an alert may be, how many words and phrases it has, and how many alerts one message may name."""

LONGEST_MESSAGE = MOST_CHARACTERS * MOST_AT_ONCE

_PART = re.compile(r"(?:[«“„\"][^«»“”„\"]*[»”“\"]|[^,;\n])+")
_PIECE = re.compile(
    r"(?:(?<!\S)(?P<not>[-−–—]))?(?:[«“„\"](?P<quote>[^«»“”„\"]*)[»”“\"]|(?P<word>[^\s«»“”„\"]+))"
)
_EDGES = "*.,:!?()[]{}#…'’"
_SOFT_HYPHEN, _LONGEST_STEMS = "\u00ad", 20


@dataclass(frozen=True, slots=True)
class Wanted:
    """An alert as it would be kept: how it was said, tidied, and what it asks of a story."""

    said: str
    terms: AlertTerms


def wanted_in(text: str, synonyms: Synonyms, *, whole: bool = False) -> list[Wanted]:
    """Return the alerts that a text names, each once: a comma begins another, unless the text is one as a `whole`.

    Refused as `alert-too-long`, `alert-too-many`, `alert-too-many-words`, `alert-little-words` where nothing but words
    stands there that every story has, and `alert-nothing` where no word is wanted.
    """
    if len(text) > LONGEST_MESSAGE:
        raise Refusal("alert-too-long", most=MOST_CHARACTERS)
    seen = composed("".join(filter(_is_seen, text)))
    parts = [seen] if whole else [found[0] for found in _PART.finditer(seen)]
    found = {each.terms.dump(): each for part in parts if (each := _read(part, synonyms)) is not None}
    if not found:
        raise Refusal("alert-nothing")
    if len(found) > MOST_AT_ONCE:
        raise Refusal("alert-too-many", most=MOST_AT_ONCE)
    return list(found.values())


def query_of(terms: AlertTerms, synonyms: Synonyms) -> Query:
    """Return the search that finds what an alert would have brought."""
    return Query(
        tuple(_sought(each, synonyms) for each in terms.wanted),
        tuple(_sought(each, synonyms) for each in terms.unwanted),
    )


def _sought(term: Term, synonyms: Synonyms) -> Sought:
    return Sought((term.stems,) if term.literal else synonyms.of(term.stems))


def _is_seen(letter: str) -> bool:
    # What only steers how text is set (joiners, marks of direction) would part a word that looks whole.
    return letter == _SOFT_HYPHEN or unicodedata.category(letter) != "Cf"


def _read(part: str, synonyms: Synonyms) -> Wanted | None:
    """Return one alert; None where there are no words at all."""
    pieces = list(_pieces(part))
    if not pieces:
        return None
    if not any(not each.unwanted for each in pieces):
        raise Refusal("alert-nothing")
    said = " ".join(each.said for each in pieces)
    if len(said) > MOST_CHARACTERS:
        raise Refusal("alert-too-long", most=MOST_CHARACTERS)
    wanted = list(_wanted([each for each in pieces if not each.unwanted], synonyms))
    unwanted = [Term(each.stems, each.quoted) for each in pieces if each.unwanted]
    if len(wanted) + len(unwanted) > MOST_WORDS or any(len(each.stems) > _LONGEST_STEMS for each in wanted):
        raise Refusal("alert-too-many-words", most=MOST_WORDS)
    if not wanted:
        raise Refusal("alert-little-words", said=said)
    return Wanted(said, AlertTerms(tuple(dict.fromkeys(wanted)), tuple(dict.fromkeys(unwanted))))


@dataclass(frozen=True, slots=True)
class _Piece:
    text: str
    stems: tuple[str, ...]
    quoted: bool
    unwanted: bool

    @property
    def said(self) -> str:
        quotes = "“{}”" if self.text.isascii() else "«{}»"
        return ("−" if self.unwanted else "") + (quotes.format(self.text) if self.quoted else self.text)

    @property
    def little(self) -> bool:
        return all(folded(word) in LITTLE for word in self.text.split())


def _pieces(part: str) -> Iterator[_Piece]:
    for found in _PIECE.finditer(part):
        quoted = found["quote"] is not None
        text = " ".join((found["quote"] if quoted else found["word"].strip(_EDGES)).split())
        stems = tuple(word.stem for word in words_of(text))
        if stems:
            yield _Piece(text, stems, quoted, found["not"] is not None)


def _wanted(pieces: list[_Piece], synonyms: Synonyms) -> Iterator[Term]:
    """Yield what a story must have: phrases in quotes, names of several words that the newsroom knows, other words."""
    at = 0
    while at < len(pieces):
        piece = pieces[at]
        if piece.quoted:
            at += 1
            if not piece.little:
                yield Term(piece.stems, literal=True)
            continue
        plain: list[tuple[str, ...]] = []
        for each in pieces[at:]:
            if each.quoted:
                break
            plain.append(each.stems)
        count, _ = synonyms.longest(plain)
        if count > 1 or not piece.little:
            yield Term(tuple(stem for stems in plain[:count] for stem in stems))
        at += count
