"""Digests that fall due: one for each chat, however many hours were missed."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import update
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.model.hours import next_of
from bot.model.topic import Topics
from bot.store import chats, digests, outbox, topics
from bot.store.database import Database, writes
from bot.store.tables import chat

PERIOD = timedelta(days=1)
LONGEST = timedelta(days=7)
"""How far back at most a digest reaches after digests were missed."""

AT_ONCE = 20
"""How many chats' digests one transaction makes: it must not hold up what is being sent."""


async def plan_due(db: Database, bot_id: int, now: datetime) -> int:
    """Make the digests that are due and return how many; an empty one is left out unless the chat wants it."""
    made = 0
    while True:
        looked_at, new = await _some(db, bot_id, now)
        made += new
        if not looked_at:
            return made


@writes
async def _some(tx: AsyncConnection, bot_id: int, now: datetime) -> tuple[int, int]:
    """Make some of the digests that are due; return how many chats were due and how many digests were made."""
    ids = await digests.due(tx, bot_id, now, AT_ONCE)
    known = await topics.load(tx) if ids else Topics(())
    return len(ids), sum([await _one(tx, chat_id, known, now) for chat_id in ids])


async def _one(tx: AsyncConnection, chat_id: int, known: Topics, now: datetime) -> int:
    one = await chats.get(tx, chat_id)
    if one is None or not one.digest_at or one.digest_due is None or one.digest_due > now:
        await tx.execute(update(chat).where(chat.c.id == chat_id).values(digest_due=None))
        return 0
    unsent = await outbox.merge_digests(tx, one)
    since = max(min(one.digest_last or now, now - PERIOD, unsent or now), now - LONGEST)
    groups = await digests.contents(tx, one, known, since=since, until=now)
    due = next_of(now, one.digest_at, one.zone)
    await tx.execute(update(chat).where(chat.c.id == chat_id).values(digest_due=due, digest_last=now))
    if not groups and not one.digest_empty:
        return 0
    digest_id = await digests.add(tx, chat_id, groups, since, now)
    await outbox.open_digest(tx, one.bot_id, digest_id, chat_id, now)
    return 1
