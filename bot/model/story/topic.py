"""Topics: what readers subscribe to. They nest: who follows a topic follows all below it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from bot.tongues import chain


@dataclass(frozen=True, slots=True)
class Topic:
    """A topic. `origin` says who made it: the newsroom file, or an editor.

    A `paused` one isn't offered, and nothing is pushed by it. `version` grows with each change from the chat.
    """

    id: int
    slug: str
    names: Mapping[str, str]
    parent_id: int | None = None
    aliases: tuple[str, ...] = ()
    keywords: tuple[str, ...] = ()
    origin: str = "file"
    position: int = 0
    paused: bool = False
    version: int = 1

    def name(self, language: str) -> str:
        """Return the name in that language, else in one that stands in for it, else in any, else the slug."""
        named = (self.names[code] for code in chain(language) if self.names.get(code))
        return next(named, None) or next(iter(self.names.values()), self.slug)


@dataclass(frozen=True)
class Topics:
    """All topics in use, and how they hang together."""

    all: tuple[Topic, ...]
    by_id: Mapping[int, Topic] = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "by_id", {topic.id: topic for topic in self.all})

    def children(self, parent_id: int | None) -> list[Topic]:
        """Return the topics right below `parent_id`, or the top ones, that are offered, in the newsroom's order."""
        below = (topic for topic in self.all if topic.parent_id == parent_id and not topic.paused)
        return sorted(below, key=lambda topic: (topic.position, topic.id))

    def find(self, words: str) -> Topic | None:
        """Return the topic that a person means by a slug, a path, a name or an alias, in any case."""
        wanted = words.strip().casefold().strip("#")
        for topic in self.all:
            said = (topic.slug, self.path(topic.id), *topic.names.values(), *topic.aliases)
            if wanted in (word.casefold() for word in said):
                return topic
        return None

    def chain(self, topic_id: int) -> list[int]:
        """Return the topic and those above it, nearest first. A loop in the data ends the chain."""
        found: list[int] = []
        at: int | None = topic_id
        while at is not None and at in self.by_id and at not in found:
            found.append(at)
            at = self.by_id[at].parent_id
        return found

    def is_paused(self, topic_id: int) -> bool:
        """Return whether the topic is paused, or one above it is."""
        return any(self.by_id[each].paused for each in self.chain(topic_id))

    def path(self, topic_id: int) -> str:
        """Return the slugs from the top down, such as `world/asia`."""
        return "/".join(self.by_id[at].slug for at in reversed(self.chain(topic_id)))

    def below(self, topic_id: int) -> list[int]:
        """Return the topic and all those under it."""
        return [topic.id for topic in self.all if topic_id in self.chain(topic.id)]

    def names(self, ids: Iterable[int], language: str) -> list[str]:
        """Return the names of those of `ids` that are in use."""
        return [self.by_id[at].name(language) for at in ids if at in self.by_id]
