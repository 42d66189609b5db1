"""Words as they are compared: a Russian or English text's stems, and names folded alike."""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

import snowballstemmer

_WORD = re.compile(r"[^\W_]+(?:[-’'][^\W_]+)*")
_CYRILLIC = re.compile(r"[а-я]")
_RUSSIAN = snowballstemmer.stemmer("russian")
_ENGLISH = snowballstemmer.stemmer("english")

Phrase = tuple[str, ...]


def stems(text: str) -> Phrase:
    """Return the stems of the words of a Russian or English text, in order."""
    return tuple(_stem(word) for word in _WORD.findall(folded(text)))


def folded(text: str) -> str:
    """Return the text as it is compared: case, composition, the letter ё and white space aside."""
    normal = unicodedata.normalize("NFKC", text).casefold().replace("ё", "е")
    return " ".join(normal.split()).strip("#")


@lru_cache(maxsize=50_000)
def _stem(word: str) -> str:
    stemmer = _RUSSIAN if _CYRILLIC.search(word) else _ENGLISH
    return str(stemmer.stemWord(word))
