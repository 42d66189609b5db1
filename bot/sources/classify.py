"""Which topics a story belongs to: by its source's categories, else by its words, else as the source says."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from bot.model.story.article import Content
from bot.model.story.content import plain_text
from bot.model.story.topic import Topics
from bot.stemming import Phrase, folded, stems

# A body's first words say what it is about; reading on costs time and finds what is only mentioned.
_BODY_WORDS = 400


class Classifier:
    """Knows the topics' words. Made anew whenever the topics change."""

    def __init__(self, topics: Topics) -> None:
        self._named: dict[str, int] = {}
        self._phrases: dict[str, list[tuple[Phrase, int]]] = {}
        self._slugs = {topic.slug: topic.id for topic in topics.all}
        for topic in topics.all:
            for word in (topic.slug, topics.path(topic.id), *topic.names.values(), *topic.aliases):
                self._named.setdefault(folded(word), topic.id)
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
        found = (self._named.get(folded(category)) for category in categories)
        return list(dict.fromkeys(topic_id for topic_id in found if topic_id is not None))

    def _by_words(self, text: str) -> list[int]:
        said = stems(text) if self._phrases else ()
        found: dict[int, None] = {}
        for at, stem in enumerate(said):
            for phrase, topic_id in self._phrases.get(stem, ()):
                if said[at : at + len(phrase)] == phrase:
                    found[topic_id] = None
        return list(found)


def _beginning(content: Content) -> str:
    words = plain_text(content.blocks).split(maxsplit=_BODY_WORDS)
    return " ".join(words[:_BODY_WORDS])
