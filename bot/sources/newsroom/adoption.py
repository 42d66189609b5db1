"""The store follows the newsroom file: topics and feeds come, change, and are retired.

Each value belongs to whoever changed it last. The store remembers what the file said at the last reading: where the
file says the same again, what was changed from the chat meanwhile stands; where the file says something else, the
file is followed.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from bot.sources.newsroom.entries import NO_FILE, FeedEntry, Newsroom, TopicEntry
from bot.store.engine.database import Transaction
from bot.store.newsroom import feeds, topics
from bot.store.newsroom.feeds import Feed
from bot.store.newsroom.search import synonyms
from bot.store.newsroom.topics import KeptTopic

ORIGIN = "file"


async def apply(tx: Transaction, newsroom: Newsroom, at: datetime) -> None:
    """Make the store's topics, feeds and synonyms those of the file, as often as wanted.

    What the file named before and names no more is retired; what was made otherwise stays; what returns is
    revived with its history. What was merged or removed from the chat stays so while the file goes on naming it.
    Without a file all stays as it is.
    """
    if newsroom is NO_FILE:
        return
    await _Topics(tx, newsroom, at).apply()
    await _apply_feeds(tx, newsroom, at)
    await synonyms.replace(tx, newsroom.synonyms)


class _Topics:
    """One reading of the file's topics."""

    def __init__(self, tx: Transaction, newsroom: Newsroom, at: datetime) -> None:
        self._tx = tx
        self._entries = newsroom.topics
        self._at = at
        self._ids: dict[str, int] = {}

    async def apply(self) -> None:
        kept = {each.topic.slug: each for each in await topics.every(self._tx)}
        positions = {entry.slug: at for at, entry in enumerate(self._entries)}
        for entry in _parents_first(self._entries):
            row = kept.get(entry.slug)
            if row is not None and row.merged_into is not None:
                self._ids[entry.slug] = _end(row, kept)
                await topics.declare(self._tx, row.topic.id, _said_of_topic(entry))
            else:
                self._ids[entry.slug] = await self._put(entry, row, kept, position=positions[entry.slug])
        left = [each for slug, each in kept.items() if slug not in self._ids and _of_file(each)]
        await topics.retire(self._tx, [each.topic.id for each in left if each.merged_into is None], self._at)
        for each in left:
            await topics.declare(self._tx, each.topic.id, None)

    async def _put(
        self, entry: TopicEntry, row: KeptTopic | None, kept: Mapping[str, KeptTopic], *, position: int
    ) -> int:
        said = _said_of_topic(entry)
        now = _merged(said, row.declared if row else None, _topic_now(row, kept) if row else {})
        parent_id = row.topic.parent_id if row is not None and now["parent"] != said["parent"] else None
        if now["parent"] == said["parent"]:
            parent_id = self._ids[entry.parent] if entry.parent else None
        topic_id = await topics.put(
            self._tx,
            entry.slug,
            now["names"],
            parent_id=parent_id,
            aliases=_with_merged(now["aliases"], row, kept),
            keywords=now["keywords"],
            position=position,
            origin=ORIGIN,
        )
        await topics.declare(self._tx, topic_id, said)
        if now["paused"] != (row is not None and row.topic.paused):
            await topics.set_pause(self._tx, topic_id, self._at if now["paused"] else None)
        return topic_id


async def _apply_feeds(tx: Transaction, newsroom: Newsroom, at: datetime) -> None:
    kept = {each.url: each for each in await feeds.every(tx)}
    known = {each.topic.slug: each for each in await topics.every(tx)}
    by_id = {each.topic.id: each for each in known.values()}
    leads = {slug: by_id[_end(each, known)].topic.slug for slug, each in known.items()}
    for entry in newsroom.feeds:
        row = kept.get(entry.url)
        said = _said_of_feed(entry, newsroom.name)
        if row is not None and row.removed_at is not None and row.declared is not None:
            await feeds.declare(tx, row.id, said)
            continue
        now = _merged(said, row.declared if row else None, _feed_now(row) if row else {})
        paused = now.pop("paused")
        slugs = dict.fromkeys(leads.get(slug, slug) for slug in now.pop("topics"))
        feed_id = await feeds.put(tx, entry.url, **now, topics=tuple(slugs), origin=ORIGIN, at=at)
        await feeds.declare(tx, feed_id, said)
        if paused != (row is not None and row.paused_at is not None):
            await feeds.set_pause(tx, feed_id, at if paused else None)
    urls = {entry.url for entry in newsroom.feeds}
    left = [each for each in kept.values() if each.url not in urls and _of_file(each)]
    await feeds.retire(tx, [each.id for each in left], at)
    for each in left:
        await feeds.declare(tx, each.id, None)


def _of_file(kept: KeptTopic | Feed) -> bool:
    """Return whether the file named it at the last reading; rows older than that memory tell by their origin."""
    origin = kept.topic.origin if isinstance(kept, KeptTopic) else kept.origin
    return kept.declared is not None or origin == ORIGIN


def _merged(said: dict[str, Any], before: Mapping[str, Any] | None, now: Mapping[str, Any]) -> dict[str, Any]:
    """Return each value as whoever changed it last has it."""
    if before is None:
        return dict(said)
    return {key: now[key] if key in before and before[key] == value else value for key, value in said.items()}


def _said_of_topic(entry: TopicEntry) -> dict[str, Any]:
    return {
        "names": dict(entry.names),
        "parent": entry.parent,
        "aliases": list(entry.aliases),
        "keywords": list(entry.keywords),
        "paused": entry.paused,
    }


def _topic_now(row: KeptTopic, kept: Mapping[str, KeptTopic]) -> dict[str, Any]:
    slugs = {each.topic.id: slug for slug, each in kept.items()}
    topic = row.topic
    return {
        "names": dict(topic.names),
        "parent": slugs.get(topic.parent_id or 0),
        "aliases": list(topic.aliases),
        "keywords": list(topic.keywords),
        "paused": topic.paused,
    }


def _said_of_feed(entry: FeedEntry, agency: str) -> dict[str, Any]:
    return {
        "kind": entry.kind,
        "name": entry.name or agency,
        "topics": list(entry.topics),
        "language": entry.language if entry.language_named else "",
        "publish": entry.publish,
        "backfill": entry.backfill,
        "interval": entry.interval,
        "paused": entry.paused,
    }


def _feed_now(row: Feed) -> dict[str, Any]:
    return {
        "kind": row.kind,
        "name": row.name,
        "topics": list(row.topics),
        "language": row.language,
        "publish": row.publish,
        "backfill": row.backfill,
        "interval": row.interval,
        "paused": row.paused_at is not None,
    }


def _end(row: KeptTopic, kept: Mapping[str, KeptTopic]) -> int:
    """Return the topic to which a topic's slug leads after all merges: its own, where it was not merged."""
    by_id, seen = {each.topic.id: each for each in kept.values()}, set[int]()
    while row.merged_into in by_id and row.topic.id not in seen:
        seen.add(row.topic.id)
        row = by_id[row.merged_into]
    return row.topic.id


def _with_merged(aliases: list[str], row: KeptTopic | None, kept: Mapping[str, KeptTopic]) -> list[str]:
    """Return the aliases, with the words of the topics that were merged into this one."""
    if row is None:
        return aliases
    merged = [each.topic for each in kept.values() if each.merged_into is not None]
    words = [
        word
        for each in merged
        if _end(kept[each.slug], kept) == row.topic.id
        for word in (each.slug, *each.names.values(), *each.aliases)
    ]
    return list(dict.fromkeys((*aliases, *words)))


def _parents_first(entries: tuple[TopicEntry, ...]) -> list[TopicEntry]:
    known, found = {entry.slug for entry in entries}, list[TopicEntry]()
    below: dict[str | None, list[TopicEntry]] = {}
    for entry in entries:
        below.setdefault(entry.parent if entry.parent in known else None, []).append(entry)
    level = below.get(None, [])
    while level:
        found += level
        level = [child for entry in level for child in below.get(entry.slug, [])]
    return found
