"""Stories that people put into chats of theirs follow the newsroom: for a week, as far as Telegram allows."""

from __future__ import annotations

from datetime import datetime, timedelta

from bot.model.message import SharedMessage
from bot.store.audience import shared
from bot.store.engine.database import Database

MOST = 2_000
"""Of so many messages of one story it is remembered where they stand."""

MOST_ATTEMPTS = 5

LONGEST_NAME = 128
"""The most characters of Telegram's name of a message."""


async def note(db: Database, bot_id: int, one: SharedMessage, at: datetime) -> None:
    """Remember a message that shows a story."""
    if len(one.inline_message_id) <= LONGEST_NAME:
        async with db.write() as tx:
            await shared.note(tx, bot_id, one, at, most=MOST)


async def due(db: Database, bot_id: int, now: datetime, limit: int) -> list[SharedMessage]:
    """Return some messages that are to be put right."""
    async with db.read() as tx:
        return await shared.due(tx, bot_id, now, limit)


async def settled(db: Database, bot_id: int, one: SharedMessage, revision: int | None) -> None:
    """Note that a message shows that revision; None: it is done with for good."""
    async with db.write() as tx:
        if revision is None:
            await shared.drop(tx, bot_id, one)
        else:
            await shared.settle(tx, bot_id, one, revision)


async def failed(db: Database, bot_id: int, one: SharedMessage, now: datetime) -> None:
    """Have a message tried again, each time later; after MOST_ATTEMPTS it is let be."""
    async with db.write() as tx:
        if one.attempts + 1 >= MOST_ATTEMPTS:
            await shared.drop(tx, bot_id, one)
        else:
            await shared.put_off(tx, bot_id, one, now + timedelta(minutes=4**one.attempts))
