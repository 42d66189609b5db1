"""Gauges of /metrics that are counted in the database: deliveries that wait, and chats by state."""

from __future__ import annotations

from collections import Counter
from datetime import datetime

from bot.metrics import CHATS, FEED_AGE_SECONDS, IN_DOUBT, OLDEST_SECONDS, ROLE_HELD, WAITING
from bot.model.chat import ChatState
from bot.model.delivery import Lane
from bot.operations.roles.holders import holders
from bot.operations.roles.process_role import ProcessRole
from bot.store.audience import chats
from bot.store.engine.database import Database
from bot.store.following import coverages
from bot.store.ledger import deliveries
from bot.store.newsroom import feeds
from bot.store.operations import leases

MOST_FEEDS = 500
"""Of so many feeds the age is shown, of those that were read longest ago."""


async def show_figures(db: Database, now: datetime) -> None:
    """Count for all bots of the installation together, and set the gauges."""
    async with db.read() as tx:
        bots = await coverages.of_all(tx)
        waiting = [await deliveries.waiting(tx, bot_id) for bot_id in bots]
        for lane in Lane:
            found = [each.get(lane, (0, now)) for each in waiting]
            oldest = min((at for _, at in found), default=now)
            WAITING.labels(lane.name.lower()).set(sum(count for count, _ in found))
            OLDEST_SECONDS.labels(lane.name.lower()).set(max(0.0, (now - oldest).total_seconds()))
        IN_DOUBT.set(sum((await deliveries.in_doubt(tx)).values()))
        ages = await feeds.read_last(tx, MOST_FEEDS)
        by_state = Counter[ChatState]()
        for bot_id in bots:
            by_state.update(await chats.counts(tx, bot_id))
    for state in ChatState:
        CHATS.labels(str(state)).set(by_state[state])
    # A feed that is used no more has no age.
    FEED_AGE_SECONDS.clear()
    for feed_id, at in ages.items():
        FEED_AGE_SECONDS.labels(str(feed_id)).set(max(0.0, (now - at).total_seconds()))


async def show_roles(db: Database, now: datetime) -> None:
    """Show which roles some process has for every bot. Every process shows them: whoever has one may be gone."""
    async with db.read() as tx:
        held, bots = await leases.listing(tx), await coverages.of_all(tx)
    of_all: dict[ProcessRole, bool] = {}
    for bot_id in bots:
        for each in holders(held, bot_id, now):
            of_all[each.role] = of_all.get(each.role, True) and bool(each.owner)
    for role, is_held in of_all.items():
        ROLE_HELD.labels(str(role)).set(is_held)
