"""An item as it is submitted to the intake: as an article would say it, and where it comes from."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime

from bot.model.story.article import Content
from bot.sources.classify import Classifier
from bot.sources.item import Item
from bot.store.newsroom.source_versions import SourceVersion


@dataclass(frozen=True, slots=True)
class Origin:
    """Where items come from, and what holds for those that do not say otherwise.

    `source` is the identity under which articles are kept, `name` what they give as their source,
    `topics` are slugs. An empty `language` has each item's detected.
    """

    source: str
    language: str
    name: str = ""
    topics: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Submission:
    """An item as an article would say it, under the topics chosen for it, with its identity (source, uid).

    `language_named` says that the source named the language; else it was detected.
    """

    source: str
    uid: str
    content: Content
    topic_ids: tuple[int, ...] = ()
    categories: tuple[str, ...] = ()
    published: datetime | None = None
    language_named: bool = True

    def in_language(self, language: str) -> Submission:
        """Return the same, of a story whose language is known: detected anew, it is no news of the source's."""
        return replace(self, content=replace(self.content, language=language))

    @property
    def version(self) -> SourceVersion:
        """What is compared with what the source says next time."""
        return SourceVersion(
            self.content.fingerprint(), frozenset(self.categories), frozenset(self.topic_ids)
        )


def submission(item: Item, origin: Origin, classifier: Classifier) -> Submission:
    """Return the item as it is submitted: its own language and name go before its origin's."""
    content = item.content(origin.language, origin.name)
    topic_ids = classifier.choose(content, item.categories, origin.topics)
    return Submission(
        origin.source,
        item.uid,
        content,
        tuple(topic_ids),
        item.categories,
        item.published,
        language_named=content.language == (item.language or origin.language),
    )
