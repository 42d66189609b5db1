"""What is going wrong right now, as far as rows can tell."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.model.delivery import State
from bot.store.tables import bot, bulletin, delivery, revision


async def stalled(tx: AsyncConnection, bot_id: int, now: datetime, after: timedelta) -> int:
    """Return how many deliveries have been due for that long while none was accepted meanwhile."""
    since = now - after
    accepted = select(delivery.c.chat_id).where(
        delivery.c.bot_id == bot_id, delivery.c.state == State.DONE, delivery.c.accepted_at > since
    )
    waiting = select(func.count()).where(
        delivery.c.bot_id == bot_id, delivery.c.state == State.WAITING, delivery.c.due_at < since
    )
    overdue = int((await tx.execute(waiting)).scalar_one())
    if not overdue or (await tx.execute(accepted.limit(1))).first():
        return 0
    return overdue


async def refused_articles(tx: AsyncConnection, since: datetime) -> list[tuple[int, str, str]]:
    """Return (bulletin id, headline, Telegram's words) of stories that Telegram would not take."""
    statement = (
        select(bulletin.c.id, revision.c.headline, bulletin.c.stop_reason)
        .join(
            revision,
            (revision.c.article_id == bulletin.c.article_id) & (revision.c.number == bulletin.c.revision),
        )
        .where(bulletin.c.stopped_at > since, bulletin.c.stopped_by.is_(None), bulletin.c.stop_reason != "")
        .order_by(bulletin.c.id)
    )
    return [(row.id, row.headline, row.stop_reason) for row in await tx.execute(statement)]


async def paused_until(tx: AsyncConnection, bot_id: int) -> datetime | None:
    """Return until when Telegram has asked the whole bot to wait, if it has."""
    until: datetime | None = (
        await tx.execute(select(bot.c.paused_until).where(bot.c.id == bot_id))
    ).scalar_one_or_none()
    return until
