"""Gauges of /metrics that are counted in the database: deliveries that wait, and chats by state."""

from __future__ import annotations

from collections import Counter
from datetime import datetime

from bot.metrics import CHATS, IN_DOUBT, OLDEST_SECONDS, WAITING
from bot.model.chat import ChatState
from bot.model.delivery import Lane
from bot.store.audience import chats
from bot.store.engine.database import Database
from bot.store.following import coverages
from bot.store.ledger import deliveries


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
        by_state = Counter[ChatState]()
        for bot_id in bots:
            by_state.update(await chats.counts(tx, bot_id))
    for state in ChatState:
        CHATS.labels(str(state)).set(by_state[state])
