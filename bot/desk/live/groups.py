"""Groups that are the desk: an owner chooses them, and every editor works there with rights of their own."""

from __future__ import annotations

from datetime import datetime

from bot.model.desk.shown_card import DeskGroup
from bot.model.errors import Refusal
from bot.store.desk.live import groups, shown
from bot.store.engine.database import Database
from bot.store.newsroom import audit

MOST_GROUPS = 5


async def choose(
    db: Database, bot_id: int, chat_id: int, *, thread_id: int | None, at: datetime, by: int
) -> bool:
    """Make a group the desk, in the forum topic `thread_id` where one is given. False where it is so already.

    Refused as `too-many-desks` beyond a handful of groups. The right is the caller's to ask.
    """
    async with db.write(durable=True) as tx:
        known = await groups.of_bot(tx, bot_id)
        if len(known) >= MOST_GROUPS and chat_id not in (each.chat_id for each in known):
            raise Refusal("too-many-desks", most=MOST_GROUPS)
        if not await groups.put(tx, bot_id, chat_id, thread_id, at=at):
            return False
        if not known:
            # What came in before is nothing new.
            deed_id, _ = await groups.begin(tx, bot_id)
            newest = await groups.newest_article(tx)
            await groups.note_told(tx, bot_id, deed_id=deed_id, article_id=newest)
        await audit.add(tx, at, by, "desk-here", detail=str(chat_id), bot_id=bot_id)
        return True


async def leave(db: Database, bot_id: int, chat_id: int, *, at: datetime, by: int | None) -> bool:
    """Let a group be the desk no more: its cards stay as they are. False where it was not the desk."""
    async with db.write(durable=True) as tx:
        if not await groups.drop(tx, bot_id, chat_id):
            return False
        await shown.drop_chat(tx, bot_id, chat_id)
        await audit.add(tx, at, by, "desk-off", detail=str(chat_id), bot_id=bot_id)
        return True


async def find(db: Database, bot_id: int, chat_id: int) -> DeskGroup | None:
    """Return the group where it is the desk, else None."""
    async with db.read() as tx:
        return await groups.get(tx, bot_id, chat_id)


async def of_bot(db: Database, bot_id: int) -> list[DeskGroup]:
    """Return the bot's desk groups."""
    async with db.read() as tx:
        return await groups.of_bot(tx, bot_id)
