"""What waits and who reads, brought up to date for /metrics."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncConnection

from bot.metrics import CHATS, IN_DOUBT, OLDEST_SECONDS, WAITING
from bot.model.delivery import Lane
from bot.store import chats, outbox
from bot.store.database import reads


@reads
async def show_figures(tx: AsyncConnection, bot_id: int, now: datetime) -> None:
    """Set the gauges of deliveries and chats to what the rows say now."""
    waiting = await outbox.waiting(tx, bot_id)
    for lane in Lane:
        count, oldest = waiting.get(lane, (0, now))
        WAITING.labels(lane.name.lower()).set(count)
        OLDEST_SECONDS.labels(lane.name.lower()).set(max(0.0, (now - oldest).total_seconds()))
    IN_DOUBT.set(sum((await outbox.in_doubt(tx)).values()))
    for state, count in (await chats.counts(tx, bot_id)).items():
        CHATS.labels(str(state)).set(count)
