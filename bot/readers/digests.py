"""A chat's digest on request: made, noted as shown, read again."""

from __future__ import annotations

from datetime import datetime, timedelta

from bot.model.chat import Chat
from bot.model.errors import Refusal
from bot.model.story.digest import Digest
from bot.model.story.topic import Topics
from bot.store.audience import digests
from bot.store.engine.database import Database
from bot.store.ledger import deliveries
from bot.store.newsroom import topics

PERIOD = timedelta(days=1)


async def make(db: Database, chat: Chat, now: datetime) -> tuple[Digest | None, Topics]:
    """Return a digest of what is new for the chat within a day, None where there is nothing."""
    async with db.write() as tx:
        known = await topics.load(tx)
        groups = await digests.contents(tx, chat, known, since=now - PERIOD, until=now)
        if not groups:
            return None, known
        return await digests.get(
            tx, await digests.add(tx, chat.id, groups, since=now - PERIOD, at=now)
        ), known


async def shown(db: Database, chat: Chat, told: Digest, *, message_id: int, form: str, at: datetime) -> None:
    """Note which message shows the digest: corrections change that message, and the next digest repeats nothing."""
    async with db.write() as tx:
        await deliveries.note_digest(tx, chat, told, message_id, form=form, now=at)


async def read(db: Database, chat_id: int, digest_id: int) -> tuple[Digest, Topics]:
    """Return a digest of the chat's own. Refused for another chat's: its topics are nobody else's business."""
    async with db.read() as tx:
        found = await digests.get(tx, digest_id)
        if found is None or found.chat_id != chat_id:
            raise Refusal("not-found")
        return found, await topics.load(tx)


async def last(db: Database, chat: Chat) -> int | None:
    """Return the chat's newest digest with stories, or None."""
    async with db.read() as tx:
        return await digests.last(tx, chat)
