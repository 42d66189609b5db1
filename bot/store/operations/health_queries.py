"""What is going wrong right now, as far as rows can tell."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import NamedTuple

from sqlalchemy import func, select

from bot.model.chat import ChatState
from bot.model.delivery import State
from bot.model.release import REFUSED
from bot.store.engine.database import Transaction
from bot.store.newsroom.tables import revision
from bot.store.tables.audience import chat
from bot.store.tables.ledger import bulletin, delivery

TOLD_REASONS = ("no-rights", "not-a-member", "paid-messages")
"""What a chat's own people may not know of: whoever removes the bot does."""


class LostChat(NamedTuple):
    """A group or channel that can't be written to, why, and since when."""

    id: int
    title: str
    telegram_id: int
    reason: str
    since: datetime


async def stalled(tx: Transaction, bot_id: int, now: datetime, after: timedelta) -> int:
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


class RefusedStory(NamedTuple):
    """A story that Telegram would not take, in which bulletin, and Telegram's words."""

    bulletin_id: int
    headline: str
    error: str


async def refused_articles(tx: Transaction, since: datetime) -> list[RefusedStory]:
    """Return the stories that Telegram refused after `since`, oldest bulletin first."""
    statement = (
        select(bulletin.c.id, revision.c.headline, bulletin.c.stop_reason)
        .join(
            revision,
            (revision.c.article_id == bulletin.c.article_id) & (revision.c.number == bulletin.c.revision),
        )
        .where(bulletin.c.stopped_at > since, bulletin.c.stop_reason.startswith(REFUSED))
        .order_by(bulletin.c.id)
    )
    return [RefusedStory(*row) for row in await tx.execute(statement)]


async def paused_by_itself(tx: Transaction) -> list[tuple[int, str]]:
    """Return (bulletin id, headline) of pushes that are paused because they failed for many."""
    same = (revision.c.article_id == bulletin.c.article_id) & (revision.c.number == bulletin.c.revision)
    paused = (bulletin.c.paused_at.is_not(None), bulletin.c.stopped_at.is_(None))
    statement = select(bulletin.c.id, revision.c.headline).join(revision, same).where(*paused)
    rows = await tx.execute(statement.where(bulletin.c.pause_reason != "").order_by(bulletin.c.id))
    return [(row[0], row[1]) for row in rows]


async def lost_chats(tx: Transaction, bot_id: int, since: datetime, limit: int) -> list[LostChat]:
    """Return groups and channels that the bot may not write to any more since then."""
    statement = (
        select(chat.c.id, chat.c.title, chat.c.telegram_id, chat.c.state_reason, chat.c.state_at)
        .where(chat.c.bot_id == bot_id, chat.c.state == ChatState.BLOCKED, chat.c.state_at > since)
        # Only persons' chats have positive numbers: those, a million of them, need not be read.
        .where(chat.c.telegram_id < 0, chat.c.state_reason.in_(TOLD_REASONS))
        .order_by(chat.c.state_at)
        .limit(limit)
    )
    return [LostChat(*row) for row in await tx.execute(statement)]
