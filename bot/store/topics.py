"""Topics as they are kept. One that is retired keeps its row, its articles and its subscriptions."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime

from sqlalchemy import insert, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.model.topic import Topic, Topics
from bot.store.tables import topic


async def load(tx: AsyncConnection) -> Topics:
    """Return the topics in use."""
    statement = select(topic).where(topic.c.retired_at.is_(None)).order_by(topic.c.position, topic.c.id)
    return Topics(
        tuple(
            Topic(
                id=row.id,
                slug=row.slug,
                names=row.names,
                parent_id=row.parent_id,
                aliases=tuple(row.aliases),
                keywords=tuple(row.keywords),
                origin=row.origin,
                position=row.position,
            )
            for row in (await tx.execute(statement)).all()
        )
    )


async def put(
    tx: AsyncConnection,
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


async def retire(tx: AsyncConnection, ids: Collection[int], at: datetime) -> None:
    """Take topics out of use; those retired before keep their time."""
    where = (topic.c.id.in_(ids), topic.c.retired_at.is_(None))
    await tx.execute(update(topic).where(*where).values(retired_at=at))
