"""Digests that fall due: one for each chat, however many hours were missed."""

from __future__ import annotations

from datetime import datetime, timedelta

from bot.model.story.topic import Topics
from bot.store.audience import chats, digests
from bot.store.audience.digests import Groups
from bot.store.desk import highlights
from bot.store.engine.database import Database, Transaction
from bot.store.ledger import deliveries
from bot.store.newsroom import topics

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


async def _some(db: Database, bot_id: int, now: datetime) -> tuple[int, int]:
    """Make some of the digests that are due; return how many chats were due and how many digests were made."""
    async with db.write() as tx:
        ids = await digests.due(tx, bot_id, now, AT_ONCE)
        known = await topics.load(tx) if ids else Topics(())
        return len(ids), sum([await _one(tx, chat_id, known, now) for chat_id in ids])


async def _one(tx: Transaction, chat_id: int, known: Topics, now: datetime) -> int:
    one = await chats.get(tx, chat_id)
    if one is None or not one.digest_at or one.digest_due is None or one.digest_due > now:
        await digests.never_due(tx, chat_id)
        return 0
    unsent = await deliveries.merge_digests(tx, one)
    since = max(min(one.digest_last or now, now - PERIOD, unsent or now), now - LONGEST)
    groups: Groups = await digests.contents(tx, one, known, since=since, until=now)
    head = await highlights.head_for(tx, one, now)
    if head is not None:
        picked = set(head.stories)
        rest = [(topic_id, [each for each in ids if each not in picked]) for topic_id, ids in groups]
        groups = [(None, head.stories), *(group for group in rest if group[1])]
    due = one.next_digest(now)
    await digests.next_due(tx, chat_id, due, last=now)
    if not groups and not one.digest_empty:
        return 0
    digest_id = await digests.add(
        tx, chat_id, groups, since=since, at=now, highlights_id=head.id if head else None
    )
    await deliveries.open_digest(tx, one.bot_id, digest_id, chat_id, now=now)
    return 1
