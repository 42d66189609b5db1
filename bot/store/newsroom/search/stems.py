"""What of a story is put into the index: the stems of its words, part by part."""

from __future__ import annotations

import zlib
from dataclasses import dataclass

from bot.model.story.article import Content
from bot.model.story.content import plain_text
from bot.stemming import composed, words_of

VERSION = 1
"""Grows when other stems are made of the same words: the running bot then makes all entries anew."""

MOST_WORDS = 8_000
"""Of a longer body the rest is not found by its words. PostgreSQL knows no place beyond 16,383."""

_GAP = 10
"""So many places between the parts keep a phrase from beginning in one part and ending in the next."""


@dataclass(frozen=True, slots=True)
class Stems:
    """The stems of a story: of its headline, its lead, its body, each with blanks between them."""

    headline: str
    lead: str
    body: str

    def pack(self) -> bytes:
        """Return the stems as they are kept."""
        return zlib.compress("\n".join((self.headline, self.lead, self.body)).encode(), 1)

    @classmethod
    def unpack(cls, kept: bytes) -> Stems:
        """Return the stems that `pack` made."""
        return cls(*zlib.decompress(kept).decode().split("\n"))

    def vector(self) -> str:
        """Return the stems with their places and parts, as PostgreSQL writes a tsvector."""
        places: dict[str, list[str]] = {}
        first = 1
        for part, weight in ((self.headline, "A"), (self.lead, "B"), (self.body, "D")):
            stems = part.split()
            for at, stem in enumerate(stems, first):
                places.setdefault(stem, []).append(f"{at}{weight}")
            first += len(stems) + _GAP
        return " ".join(f"'{stem}':{','.join(found)}" for stem, found in places.items())


def stems_of(content: Content) -> Stems:
    """Return the stems of a story."""
    body = f"{content.dateline}\n{plain_text(content.blocks)}"
    return Stems(_stems(content.headline), _stems(content.lead), _stems(body))


def _stems(text: str) -> str:
    return " ".join(word.stem for word in words_of(composed(text))[:MOST_WORDS])
