"""Gauges of /metrics that are counted in the database: deliveries that wait, and chats by state."""

from __future__ import annotations

from datetime import datetime

from bot.metrics import CHATS, FEED_AGE_SECONDS, IN_DOUBT, OLDEST_SECONDS, ROLE_HELD, WAITING
from bot.model.delivery import Lane
from bot.operations.roles.holders import holders
from bot.store.audience import chats
from bot.store.engine.database import Database
from bot.store.ledger import deliveries
from bot.store.newsroom import feeds
from bot.store.operations import leases

MOST_FEEDS = 500
"""Of so many feeds the age is shown, of those that were read longest ago."""


async def show_figures(db: Database, bot_id: int, now: datetime) -> None:
    """Count, and set the gauges."""
    async with db.read() as tx:
        waiting = await deliveries.waiting(tx, bot_id)
        for lane in Lane:
            count, oldest = waiting.get(lane, (0, now))
            WAITING.labels(lane.name.lower()).set(count)
            OLDEST_SECONDS.labels(lane.name.lower()).set(max(0.0, (now - oldest).total_seconds()))
        IN_DOUBT.set(sum((await deliveries.in_doubt(tx)).values()))
        ages = await feeds.read_last(tx, MOST_FEEDS)
        for state, count in (await chats.counts(tx, bot_id)).items():
            CHATS.labels(str(state)).set(count)
    # A feed that is used no more has no age.
    FEED_AGE_SECONDS.clear()
    for feed_id, at in ages.items():
        FEED_AGE_SECONDS.labels(str(feed_id)).set(max(0.0, (now - at).total_seconds()))


async def show_roles(db: Database, bot_id: int, now: datetime) -> None:
    """Show which roles some process has. Every process shows them: whoever has one of them may be gone."""
    async with db.read() as tx:
        held = await leases.listing(tx)
    for each in holders(held, bot_id, now):
        ROLE_HELD.labels(str(each.role)).set(bool(each.owner))
