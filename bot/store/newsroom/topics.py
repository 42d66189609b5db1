"""Topics as they are kept. One that is retired keeps its row, its articles and its subscriptions."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Row, insert, select, update

from bot.model.story.topic import Topic, Topics
from bot.store.engine.database import Transaction
from bot.store.newsroom.tables import topic


@dataclass(frozen=True, slots=True)
class KeptTopic:
    """A topic's whole row. `declared` is what the newsroom file said of it last, None where the file doesn't name it.

    `merged_into` is the topic that its slug leads to since it was merged.
    """

    topic: Topic
    retired: bool
    declared: Mapping[str, Any] | None
    merged_into: int | None


async def load(tx: Transaction) -> Topics:
    """Return the topics in use."""
    statement = select(topic).where(topic.c.retired_at.is_(None)).order_by(topic.c.position, topic.c.id)
    return Topics(tuple(_topic(row) for row in (await tx.execute(statement)).all()))


async def every(tx: Transaction) -> list[KeptTopic]:
    """Return all topics that ever were, by their making."""
    rows = (await tx.execute(select(topic).order_by(topic.c.id))).all()
    return [KeptTopic(_topic(row), row.retired_at is not None, row.declared, row.merged_into) for row in rows]


def became(topic_id: int, every: Collection[KeptTopic]) -> int:
    """Return the topic that one of `every` is now, after it and what it became were merged; itself where it was not."""
    into = {each.topic.id: each.merged_into for each in every if each.merged_into is not None}
    seen = {topic_id}
    while (next_id := into.get(topic_id)) is not None and next_id not in seen:
        seen.add(next_id)
        topic_id = next_id
    return topic_id


async def put(
    tx: Transaction,
    slug: str,
    names: Mapping[str, str],
    *,
    parent_id: int | None = None,
    aliases: Sequence[str] = (),
    keywords: Sequence[str] = (),
    position: int = 0,
    origin: str,
) -> int:
    """Keep the topic of that slug as described, in use, and return its id.

    One that exists keeps its id and its origin, retired or not.
    """
    values = {
        "names": dict(names),
        "parent_id": parent_id,
        "aliases": list(aliases),
        "keywords": list(keywords),
        "position": position,
        "retired_at": None,
    }
    known = update(topic).where(topic.c.slug == slug).values(values).returning(topic.c.id)
    topic_id = (await tx.execute(known)).scalar_one_or_none()
    if topic_id is None:
        new = insert(topic).values(slug=slug, origin=origin, **values).returning(topic.c.id)
        topic_id = (await tx.execute(new)).scalar_one()
    return int(topic_id)


async def declare(tx: Transaction, topic_id: int, declared: Mapping[str, Any] | None) -> None:
    """Remember what the newsroom file says of a topic; None where it doesn't name it any more."""
    await tx.execute(update(topic).where(topic.c.id == topic_id).values(declared=declared))


async def set_pause(tx: Transaction, topic_id: int, at: datetime | None) -> None:
    """Pause a topic from then on; None ends the pause."""
    await tx.execute(update(topic).where(topic.c.id == topic_id).values(paused_at=at))


async def retire(tx: Transaction, ids: Collection[int], at: datetime) -> None:
    """Take topics out of use; those retired before keep their time."""
    where = (topic.c.id.in_(ids), topic.c.retired_at.is_(None))
    await tx.execute(update(topic).where(*where).values(retired_at=at))


def _topic(row: Row[Any]) -> Topic:
    return Topic(
        id=row.id,
        slug=row.slug,
        names=row.names,
        parent_id=row.parent_id,
        aliases=tuple(row.aliases),
        keywords=tuple(row.keywords),
        origin=row.origin,
        position=row.position,
        paused=row.paused_at is not None,
        version=row.version,
    )
