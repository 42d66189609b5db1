"""Makes words comparable: stems of Russian and English words (Snowball), and folded names."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Collection
from functools import lru_cache
from itertools import takewhile

import snowballstemmer

_WORD = re.compile(r"[^\W_]+(?:[-’'][^\W_]+)*")
_CYRILLIC = re.compile(r"[а-я]")
_RUSSIAN = snowballstemmer.stemmer("russian")
_ENGLISH = snowballstemmer.stemmer("english")

Phrase = tuple[str, ...]


def stems(text: str) -> Phrase:
    """Return the stems of the text's words, in order. Words without Cyrillic letters count as English."""
    return tuple(_stem(word) for word in _WORD.findall(folded(text)))


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
def _stem(word: str) -> str:
    stemmer = _RUSSIAN if _CYRILLIC.search(word) else _ENGLISH
    return str(stemmer.stemWord(word))


def _shared(word: str, stem: str) -> str:
    """Return what both begin with, and `cit` of `cities`: an English stem in «i» is one of words in «y» too."""
    pairs = zip(word, stem.removesuffix("i") if word.endswith(("ies", "ied")) else stem, strict=False)
    return "".join(letter for letter, _ in takewhile(lambda pair: pair[0] == pair[1], pairs))
