"""Makes words comparable: stems (Snowball) by the rules of a word's letters, and folded names.

snowballstemmer takes PyStemmer where that is installed: thirty times as fast, with the same stems.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Collection
from functools import lru_cache
from itertools import takewhile
from typing import NamedTuple

import snowballstemmer

from bot.tongues import TONGUES

_WORD = re.compile(r"[^\W_]+(?:[-’'][^\W_]+)*")
# Of a hyphenated word each part can be looked for. A stress and a soft hyphen stand inside a word.
_PART = re.compile(r"[^\W_](?:[\u0301\u00ad]*[^\W_])*")
_INSIDE = str.maketrans("", "", "\u0301\u00ad")
_LONGEST = 64
_STEMMERS = tuple(
    (re.compile(f"[{each.letters}]"), snowballstemmer.stemmer(each.stemmer))
    for each in TONGUES
    if each.stemmer
)
_ELSE = next(stemmer for letters, stemmer in _STEMMERS if letters.search("a"))

Phrase = tuple[str, ...]


class Stemmed(NamedTuple):
    """A word's stem, and where the word stands in its text."""

    stem: str
    start: int
    end: int


def stems(text: str) -> Phrase:
    """Return the stems of the text's words, in order. Letters without rules of their own count as English."""
    return tuple(_stem(word) for word in _WORD.findall(folded(text)))


def composed(text: str) -> str:
    """Return the text with each letter as one character (NFC), as `words_of` and its places want it."""
    return unicodedata.normalize("NFC", text)


def words_of(text: str) -> list[Stemmed]:
    """Return the words of a composed text as a search knows them, in order: «Нью-Йорк» is two.

    A stem is letters and digits alone, at most 64 of them.
    """
    return [
        Stemmed(stem, found.start(), found.end())
        for found in _PART.finditer(text)
        for stem in _stems_in(found[0])
    ]


def beginnings(text: str) -> Phrase:
    """Return of each word what its other forms begin with: «трамва» of «трамваев», `cit` of `city`."""
    return tuple(_shared(word, _stem(word)) or word for word in _WORD.findall(folded(text)))


def overlap(one: Collection[str], other: Collection[str]) -> float:
    """Return how much of the fewer words the other text has: 0 to 1."""
    first, second = set(one), set(other)
    least = min(len(first), len(second))
    return len(first & second) / least if least else 0.0


def folded(text: str) -> str:
    """Return the text in small letters, composed (NFKC), with «е» for «ё», single spaces, without `#` around it."""
    normal = unicodedata.normalize("NFKC", text).casefold().replace("ё", "е")
    return " ".join(normal.split()).strip("#")


@lru_cache(maxsize=50_000)
def _stems_in(word: str) -> Phrase:
    """Return a word's stem; of a sign that stands for several words («½») theirs."""
    return tuple(_stem(part)[:_LONGEST] for part in _PART.findall(folded(word.translate(_INSIDE))))


@lru_cache(maxsize=50_000)
def _stem(word: str) -> str:
    stemmer = next((rules for letters, rules in _STEMMERS if letters.search(word)), _ELSE)
    return str(stemmer.stemWord(word))


def _shared(word: str, stem: str) -> str:
    """Return what both begin with, and `cit` of `cities`: an English stem in «i» is one of words in «y» too."""
    pairs = zip(word, stem.removesuffix("i") if word.endswith(("ies", "ied")) else stem, strict=False)
    return "".join(letter for letter, _ in takewhile(lambda pair: pair[0] == pair[1], pairs))
