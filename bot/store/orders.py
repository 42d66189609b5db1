"""In which order a chat has its topics: as it arranged them, then as it followed them."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime

from sqlalchemy import update
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.model.chat import Subscription
from bot.model.topic import Topics
from bot.store.tables import subscription

_LAST = 2**15
_NEVER = datetime.max.replace(tzinfo=UTC)


def ordered(subscriptions: dict[int, Subscription], known: Topics) -> list[int]:
    """Return the topics that the chat chose to follow, in its order; the newsroom's decides between equals."""
    place = {topic.id: at for at, topic in enumerate(known.all)}
    followed = [each for each in subscriptions.values() if not each.muted and each.topic_id in place]

    def rank(one: Subscription) -> tuple[int, datetime, int]:
        position = one.position if one.position is not None else _LAST
        return position, one.since or _NEVER, place[one.topic_id]

    return [each.topic_id for each in sorted(followed, key=rank)]


async def arrange(tx: AsyncConnection, chat_id: int, topic_ids: Sequence[int]) -> None:
    """Keep the order of a chat's topics."""
    for position, topic_id in enumerate(topic_ids):
        where = (subscription.c.chat_id == chat_id, subscription.c.topic_id == topic_id)
        await tx.execute(update(subscription).where(*where).values(position=position))
