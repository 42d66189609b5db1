"""What a refusal says of a chat's threads and rights: kept, and told once to whoever set the chat up."""

from __future__ import annotations

from datetime import datetime

from bot.model.delivery import Delivery
from bot.model.errors import ThreadGone
from bot.model.places.notice import ChatTrouble
from bot.model.places.thread import GENERAL
from bot.store.audience.places import notices, threads
from bot.store.engine.database import Database, Transaction


async def close_thread(db: Database, delivery: Delivery, error: ThreadGone, at: datetime) -> None:
    """Let what goes into the closed thread wait from now on."""
    number = error.thread_id or GENERAL
    async with db.write() as tx:
        if await threads.close(tx, delivery.chat_id, error.thread_id):
            await _note(tx, delivery, ChatTrouble.THREAD_CLOSED, thread_id=number, at=at)


async def lose_thread(db: Database, delivery: Delivery, thread_id: int, at: datetime) -> None:
    """Forget the deleted thread: what went there goes to General, or into a new thread of its section."""
    async with db.write() as tx:
        await _note(tx, delivery, ChatTrouble.THREAD_DELETED, thread_id=thread_id, at=at)
        await threads.lose(tx, delivery.chat_id, thread_id)


async def note_pins(db: Database, delivery: Delivery, at: datetime) -> None:
    """Note that the bot may not pin."""
    async with db.write() as tx:
        await notices.note(tx, delivery.chat_id, ChatTrouble.NO_PINS, at=at)


async def _note(
    tx: Transaction, delivery: Delivery, trouble: ChatTrouble, *, thread_id: int, at: datetime
) -> None:
    known = (await threads.of_chat(tx, delivery.chat_id)).get(thread_id)
    name = known.name if known else ""
    await notices.note(tx, delivery.chat_id, trouble, at=at, thread_id=thread_id, detail=name)
