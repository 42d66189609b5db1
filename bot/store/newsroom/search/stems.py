"""What of a story is put into the index: the stems of its words, part by part, and marks of its topics and language."""

from __future__ import annotations

import zlib
from collections.abc import Iterable
from dataclasses import dataclass

from bot.model.languages import primary
from bot.model.story.article import Article, Content
from bot.model.story.content import plain_text
from bot.stemming import composed, words_of

VERSION = 2
"""Grows when other stems are made of the same words: the running bot then makes all entries anew."""

MOST_WORDS = 8_000
"""Of a longer body the rest is not found by its words. PostgreSQL knows no place beyond 16,383."""

_GAP = 10
"""So many places between the parts keep a phrase from beginning in one part and ending in the next."""


_MARK = "\ue000"
"""Begins a mark. No word has this sign, and to both databases it is a letter."""


def topic_mark(topic_id: int) -> str:
    """Return what the stories of a topic have in the index."""
    return f"{_MARK}t{topic_id}"


def is_mark(stem: str) -> bool:
    """Return whether it is a mark of a topic or a language, and no word's stem."""
    return stem.startswith(_MARK)


def language_mark(code: str) -> str:
    """Return what the stories in a language have in the index; `code` is without a country."""
    return f"{_MARK}l{''.join(filter(str.isalnum, code))}"


@dataclass(frozen=True, slots=True)
class Stems:
    """The stems of a story: of its headline, its lead, its body, and its marks; each with blanks between them."""

    headline: str
    lead: str
    body: str
    marks: str = ""

    def pack(self) -> bytes:
        """Return the stems as they are kept."""
        return zlib.compress("\n".join((self.headline, self.lead, self.body, self.marks)).encode(), 1)

    def columns(self) -> dict[str, str]:
        """Return the stems as SQLite's index takes them: the marks stand behind the body."""
        return {"headline": self.headline, "lead": self.lead, "body": f"{self.body} {self.marks}".strip()}

    @classmethod
    def unpack(cls, kept: bytes) -> Stems:
        """Return the stems that `pack` made."""
        return cls(*zlib.decompress(kept).decode().split("\n"))

    def vector(self) -> str:
        """Return the stems with their places and parts, as PostgreSQL writes a tsvector."""
        places: dict[str, list[str]] = {}
        first = 1
        parts = ((self.headline, "A"), (self.lead, "B"), (self.body, "D"), (self.marks, "D"))
        for part, weight in parts:
            stems = part.split()
            for at, stem in enumerate(stems, first):
                places.setdefault(stem, []).append(f"{at}{weight}")
            first += len(stems) + _GAP
        return " ".join(f"'{stem}':{','.join(found)}" for stem, found in places.items())


def stems_of(content: Content, topic_ids: Iterable[int] = ()) -> Stems:
    """Return the stems of a story, with the marks of its topics and its language."""
    body = f"{content.dateline}\n{plain_text(content.blocks)}"
    marks = " ".join((language_mark(primary(content.language)), *map(topic_mark, topic_ids)))
    return Stems(_stems(content.headline), _stems(content.lead), _stems(body), marks)


def seen(one: Article) -> tuple[object, ...]:
    """Return what of a story its entry is made of."""
    return one.revision, one.published_at, one.content.language, frozenset(one.topic_ids)


def _stems(text: str) -> str:
    return " ".join(word.stem for word in words_of(composed(text))[:MOST_WORDS])
