"""The stems of a story between SQLite's packed form and PostgreSQL's tsvector.

A tsvector keeps 255 places of a word at most (postgresql.org/docs/current/textsearch-limitations.html).
"""

from __future__ import annotations

import re

from bot.store.newsroom.search.stems import Stems, is_mark

MOST_PLACES = 255

_LEXEME = re.compile(r"'((?:[^']|'')*)':([\dABCD,]+)")
_PLACE = re.compile(r"(\d+)([ABCD]?)")


def canonical(vector: str) -> str:
    """Return a tsvector's text in one form: words in order, each with the places that PostgreSQL keeps."""
    found = []
    for word, places in _LEXEME.findall(vector):
        kept = sorted((int(at), weight or "D") for at, weight in _PLACE.findall(places))[:MOST_PLACES]
        found.append(f"'{word}':{','.join(f'{at}{weight}' for at, weight in kept)}")
    return " ".join(sorted(found))


def renumbered(vector: str) -> str:
    """Return a tsvector's text with its words numbered anew, so that places which were not kept leave no gap."""
    return canonical(stems_of(vector).vector())


def stems_of(vector: str) -> Stems:
    """Return the stems of which a tsvector was made, without places that PostgreSQL did not keep."""
    parts: dict[str, list[tuple[int, str]]] = {"A": [], "B": [], "D": [], "mark": []}
    for word, places in _LEXEME.findall(vector):
        for at, weight in _PLACE.findall(places):
            part = "mark" if is_mark(word) else weight or "D"
            parts[part].append((int(at), word))
    headline, lead, body, marks = (" ".join(word for _, word in sorted(part)) for part in parts.values())
    return Stems(headline, lead, body, marks)
