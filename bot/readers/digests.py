"""A chat's digest on request: made, noted as shown, read again."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy.ext.asyncio import AsyncConnection

from bot.model.chat import Chat
from bot.model.digest import Digest
from bot.model.errors import Refusal
from bot.model.topic import Topics
from bot.store import digests, outbox, topics
from bot.store.database import reads, writes

PERIOD = timedelta(days=1)


@writes
async def make(tx: AsyncConnection, chat: Chat, now: datetime) -> tuple[Digest | None, Topics]:
    """Return a digest of what is new for the chat within a day, None where there is nothing."""
    known = await topics.load(tx)
    groups = await digests.contents(tx, chat, known, since=now - PERIOD, until=now)
    if not groups:
        return None, known
    return await digests.get(tx, await digests.add(tx, chat.id, groups, now - PERIOD, now)), known


@writes
async def shown(
    tx: AsyncConnection, chat: Chat, digest_id: int, message_id: int, form: str, now: datetime
) -> None:
    """Note where the digest stands: corrections reach it there, and the next one repeats nothing of it."""
    await outbox.note_digest(tx, chat, digest_id, message_id, form, now)


@reads
async def read(tx: AsyncConnection, chat_id: int, digest_id: int) -> tuple[Digest, Topics]:
    """Return a digest of the chat's own. Refused for another chat's: its topics are nobody else's business."""
    found = await digests.get(tx, digest_id)
    if found is None or found.chat_id != chat_id:
        raise Refusal("not-found")
    return found, await topics.load(tx)


@reads
async def last(tx: AsyncConnection, chat: Chat) -> int | None:
    """Return the chat's newest digest with stories, or None."""
    return await digests.last(tx, chat)
