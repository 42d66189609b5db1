"""What owners change about topics and feeds, and the set-up. One statement decides between two who change at once."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import func, select, update

from bot.store.engine.database import Transaction
from bot.store.engine.upsert import upsert
from bot.store.newsroom.tables import article, feed, held_edit, setup, topic

NEWEST = 5000
"""So many of the newest stories are looked at for the figures of feeds."""


@dataclass(frozen=True, slots=True)
class Setup:
    """How far the set-up of a bot came: language and zone seen, a test channel (Telegram's id), a story shown there.

    `asked_at` is when an owner was last asked for the channel.
    """

    settled_at: datetime | None = None
    channel_id: int | None = None
    shown_at: datetime | None = None
    asked_at: datetime | None = None


async def change_topic(tx: Transaction, topic_id: int, version: int, by: int | None, **values: Any) -> bool:
    """Keep other values of a topic in use; False where it is not in use, or has another version by now."""
    where = (topic.c.id == topic_id, topic.c.version == version, topic.c.retired_at.is_(None))
    changed = values | {"version": version + 1, "changed_by": by}
    return (await tx.execute(update(topic).where(*where).values(changed))).rowcount == 1


async def change_feed(tx: Transaction, feed_id: int, version: int, by: int | None, **values: Any) -> bool:
    """Keep other values of a feed in use; False where it is not in use, or has another version by now."""
    where = (feed.c.id == feed_id, feed.c.version == version, feed.c.retired_at.is_(None))
    changed = values | {"version": version + 1, "changed_by": by}
    return (await tx.execute(update(feed).where(*where).values(changed))).rowcount == 1


async def revive_topic(tx: Transaction, topic_id: int, by: int | None) -> None:
    """Note that a topic was added from the chat: whatever became of one of that slug before is over."""
    values = {"merged_into": None, "paused_at": None, "changed_by": by, "version": topic.c.version + 1}
    await tx.execute(update(topic).where(topic.c.id == topic_id).values(values))


async def revive_feed(tx: Transaction, feed_id: int, by: int | None) -> None:
    """Note that a feed was added from the chat: whatever became of one at that address before is over."""
    values = {"paused_at": None, "changed_by": by, "version": feed.c.version + 1}
    await tx.execute(update(feed).where(feed.c.id == feed_id).values(values))


async def changer_of_topic(tx: Transaction, topic_id: int) -> int | None:
    """Return who changed the topic last from the chat; None for a command, or where nobody did."""
    return (await tx.execute(select(topic.c.changed_by).where(topic.c.id == topic_id))).scalar_one_or_none()


async def merger_of_topic(tx: Transaction, topic_id: int) -> int | None:
    """Return who merged the topic into another from the chat; None where nobody did."""
    where = (topic.c.id == topic_id, topic.c.merged_into.is_not(None), topic.c.retired_at.is_not(None))
    return (await tx.execute(select(topic.c.changed_by).where(*where))).scalar_one_or_none()


async def last_position(tx: Transaction) -> int:
    """Return the last place in the order of topics, -1 where there is none."""
    return int((await tx.execute(select(func.coalesce(func.max(topic.c.position), -1)))).scalar_one())


async def figures(tx: Transaction, at: datetime) -> dict[str, int]:
    """Return how many stories each source brought in the last day, of the newest stories that are looked at."""
    columns = (article.c.source, article.c.created_at)
    newest = select(*columns).order_by(article.c.id.desc()).limit(NEWEST).subquery()
    counted = (
        select(newest.c.source, func.count())
        .where(newest.c.created_at > at - timedelta(days=1))
        .group_by(newest.c.source)
    )
    return {row[0]: int(row[1]) for row in await tx.execute(counted)}


async def held(tx: Transaction) -> dict[str, int]:
    """Return how many edits of each source are held."""
    counted = select(held_edit.c.source, func.count()).group_by(held_edit.c.source)
    return {row[0]: int(row[1]) for row in await tx.execute(counted)}


async def setup_of(tx: Transaction, bot_id: int) -> Setup:
    """Return how far the set-up of the bot came."""
    columns = (setup.c.settled_at, setup.c.channel_id, setup.c.shown_at, setup.c.asked_at)
    row = (await tx.execute(select(*columns).where(setup.c.bot_id == bot_id))).first()
    return Setup(*row) if row else Setup()


async def keep_setup(tx: Transaction, bot_id: int, **values: Any) -> None:
    """Keep how far the set-up came, by the names of the fields."""
    new = upsert(tx, setup).values(bot_id=bot_id, **values)
    await tx.execute(new.on_conflict_do_update(index_elements=["bot_id"], set_=values))
