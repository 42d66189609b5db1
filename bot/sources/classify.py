"""Which topics a story belongs to: by its source's categories, else by its words, else as the source says."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Sequence
from functools import lru_cache

import snowballstemmer

from bot.model.article import Content
from bot.model.content import plain_text
from bot.model.topic import Topics

_WORD = re.compile(r"[^\W_]+(?:[-’'][^\W_]+)*")
_CYRILLIC = re.compile(r"[а-я]")
_RUSSIAN = snowballstemmer.stemmer("russian")
_ENGLISH = snowballstemmer.stemmer("english")
# A body's first words say what it is about; reading on costs time and finds what is only mentioned.
_BODY_WORDS = 400

Phrase = tuple[str, ...]


class Classifier:
    """Knows the topics' words. Made anew whenever the topics change."""

    def __init__(self, topics: Topics) -> None:
        self._named: dict[str, int] = {}
        self._phrases: dict[str, list[tuple[Phrase, int]]] = {}
        self._slugs = {topic.slug: topic.id for topic in topics.all}
        for topic in topics.all:
            for word in (topic.slug, topics.path(topic.id), *topic.names.values(), *topic.aliases):
                self._named.setdefault(_folded(word), topic.id)
            for keyword in topic.keywords:
                if phrase := stems(keyword):
                    self._phrases.setdefault(phrase[0], []).append((phrase, topic.id))

    def choose(
        self, content: Content, categories: Iterable[str] = (), defaults: Sequence[str] = ()
    ) -> list[int]:
        """Return the ids of the story's topics; `defaults` are slugs."""
        return (
            self._by_categories(categories)
            or self._by_words(f"{content.headline}\n{content.lead}")
            or self._by_words(_beginning(content))
            or [self._slugs[slug] for slug in defaults if slug in self._slugs]
        )

    def _by_categories(self, categories: Iterable[str]) -> list[int]:
        found = (self._named.get(_folded(category)) for category in categories)
        return list(dict.fromkeys(topic_id for topic_id in found if topic_id is not None))

    def _by_words(self, text: str) -> list[int]:
        said = stems(text) if self._phrases else ()
        found: dict[int, None] = {}
        for at, stem in enumerate(said):
            for phrase, topic_id in self._phrases.get(stem, ()):
                if said[at : at + len(phrase)] == phrase:
                    found[topic_id] = None
        return list(found)


def stems(text: str) -> Phrase:
    """Return the stems of the words of a Russian or English text, in order."""
    return tuple(_stem(word) for word in _WORD.findall(_folded(text)))


@lru_cache(maxsize=50_000)
def _stem(word: str) -> str:
    stemmer = _RUSSIAN if _CYRILLIC.search(word) else _ENGLISH
    return str(stemmer.stemWord(word))


def _folded(text: str) -> str:
    """Return the text as it is compared: case, composition, the letter ё and white space aside."""
    normal = unicodedata.normalize("NFKC", text).casefold().replace("ё", "е")
    return " ".join(normal.split()).strip("#")


def _beginning(content: Content) -> str:
    words = plain_text(content.blocks).split(maxsplit=_BODY_WORDS)
    return " ".join(words[:_BODY_WORDS])
