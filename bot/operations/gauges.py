"""Gauges of /metrics that are counted in the database: deliveries that wait, and chats by state."""

from __future__ import annotations

from datetime import datetime

from bot.metrics import CHATS, IN_DOUBT, OLDEST_SECONDS, WAITING
from bot.model.delivery import Lane
from bot.store.audience import chats
from bot.store.engine.database import Database
from bot.store.ledger import deliveries


async def show_figures(db: Database, bot_id: int, now: datetime) -> None:
    """Count, and set the gauges."""
    async with db.read() as tx:
        waiting = await deliveries.waiting(tx, bot_id)
        for lane in Lane:
            count, oldest = waiting.get(lane, (0, now))
            WAITING.labels(lane.name.lower()).set(count)
            OLDEST_SECONDS.labels(lane.name.lower()).set(max(0.0, (now - oldest).total_seconds()))
        IN_DOUBT.set(sum((await deliveries.in_doubt(tx)).values()))
        for state, count in (await chats.counts(tx, bot_id)).items():
            CHATS.labels(str(state)).set(count)
