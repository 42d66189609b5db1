"""What stands in an export in place of numbers: topics by slug, feeds by address, stories by source and id there."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass

from sqlalchemy import select

from bot.model.following.mode import WIRE
from bot.model.following.mute import source_of
from bot.store.engine.database import Transaction
from bot.store.newsroom import topics
from bot.store.newsroom.tables import article, feed

EVERYTHING = "*"
"""Stands for the whole wire: no slug is called so."""

StoryName = tuple[str, str]
"""A story's source, a feed by its address, and its id there."""


@dataclass(frozen=True, slots=True)
class Names:
    """Topics and feeds of one database, both ways. Slugs of topics that were merged lead to what they became."""

    slugs: Mapping[int, str]
    topics: Mapping[str, int]
    addresses: Mapping[int, str]
    feeds: Mapping[str, int]

    def story(self, source: str, uid: str) -> StoryName:
        """Return a story's name elsewhere."""
        at = next(
            (f"feed {url}" for number, url in self.addresses.items() if source_of(number) == source), ""
        )
        return (at or source, uid)

    def source(self, name: str) -> str:
        """Return a story's source here, where it is known; else one that no story has."""
        url = name.removeprefix("feed ")
        return name if url == name else source_of(self.feeds.get(url, 0))


async def load(tx: Transaction) -> Names:
    """Return the names of all topics and feeds."""
    every = await topics.every(tx)
    used = {each.topic.id for each in every if not each.retired}
    now = {each.topic.slug: topics.became(each.topic.id, every) for each in every}
    rows = (await tx.execute(select(feed.c.id, feed.c.url))).all()
    return Names(
        slugs={WIRE: EVERYTHING} | {each.topic.id: each.topic.slug for each in every},
        topics={EVERYTHING: WIRE} | {slug: number for slug, number in now.items() if number in used},
        addresses={row.id: row.url for row in rows},
        feeds={row.url: row.id for row in rows},
    )


async def stories(tx: Transaction, known: Names, wanted: Collection[StoryName]) -> dict[StoryName, int]:
    """Return the numbers of those of the stories that are here."""
    if not wanted:
        return {}
    asked = {(known.source(source), uid): (source, uid) for source, uid in wanted}
    found = select(article.c.id, article.c.source, article.c.source_uid).where(
        article.c.source.in_({source for source, _ in asked}),
        article.c.source_uid.in_({uid for _, uid in asked}),
    )
    here = {(row.source, row.source_uid): row.id for row in await tx.execute(found)}
    return {name: here[at] for at, name in asked.items() if at in here}
