"""What one bot of an installation carries of the newsroom's stories: some topics, some languages, or everything."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, replace

from bot.model.languages import ANY, Codes, meet
from bot.model.search.query import Query
from bot.model.story.topic import Topics


@dataclass(frozen=True, slots=True)
class Coverage:
    """What a bot carries. `topics` are slugs, each with all below it; none stands for all, as no language does."""

    topics: tuple[str, ...] = ()
    languages: Codes = ANY

    def offered(self, known: Topics) -> Topics:
        """Return the topics that the bot's readers can follow; a topic whose parent is none of them is a top one."""
        if not self.topics:
            return known
        carried = {below for each in known.all if each.slug in self.topics for below in known.below(each.id)}
        kept = (each for each in known.all if each.id in carried)
        return Topics(
            tuple(each if each.parent_id in carried else replace(each, parent_id=None) for each in kept)
        )

    def carries(
        self, known: Topics, topic_ids: Collection[int], languages: Codes, *, flash: bool = False
    ) -> bool:
        """Return whether what is told in these languages is for the bot's readers.

        A flash without a topic is for those of every bot.
        """
        if not meet(self.languages, languages):
            return False
        if not self.topics or (flash and not topic_ids):
            return True
        return not set(topic_ids).isdisjoint(self.offered(known).by_id)

    def read(self, chosen: Codes) -> Codes:
        """Return in which languages a chat that chose those is told news by the bot."""
        if not self.languages:
            return chosen
        return tuple(code for code in chosen if code in self.languages) or self.languages

    def narrowed(self, query: Query, offered: Topics) -> Query:
        """Return what a reader looks for, within what the bot carries; `offered` are its topics."""
        if self.topics:
            ids = tuple(offered.by_id) if query.topic_ids is None else query.topic_ids
            query = replace(query, topic_ids=ids, untopical=False)
        return replace(query, languages=self.read(query.languages))


EVERYTHING = Coverage()
"""What a bot carries of which nothing else is said."""
