"""What a chat chose: languages, form, digests, quiet hours."""

from __future__ import annotations

from datetime import datetime, time
from typing import Any, Unpack

from sqlalchemy import or_, update

from bot.model.chat import Chat, Choices
from bot.model.delivery import Lane, State
from bot.model.release import QUIET
from bot.store.audience import chats
from bot.store.engine.database import Transaction
from bot.store.tables.ledger import delivery


async def change(tx: Transaction, chat_id: int, at: datetime, **choices: Unpack[Choices]) -> Chat:
    """Keep what the chat chose and return it. `at`, the time now, says when its next digest falls due."""
    values: dict[str, Any] = dict(choices)
    if "digest_at" in values:
        first, second = (*map(_minute, sorted(values.pop("digest_at"))), None, None)[:2]
        values |= {"digest_minute": first, "digest_also": second}
    if "quiet" in values:
        begins, ends = map(_minute, values.pop("quiet") or (None, None))
        values |= {"quiet_from": begins, "quiet_to": ends}
    if values:
        await chats.change(tx, chat_id, **values)
    known = await chats.expect(tx, chat_id)
    if {"quiet", "zone", "flash_at_night"} & choices.keys():
        await _wake(tx, chat_id, at)
    if {"digest_at", "zone"} & choices.keys():
        await chats.change(tx, chat_id, digest_due=known.next_digest(at))
        return await chats.expect(tx, chat_id)
    return known


async def _wake(tx: Transaction, chat_id: int, at: datetime) -> None:
    """Let stories that quiet hours had put off be asked about again: the hours are others now."""
    put_off = (
        delivery.c.chat_id == chat_id,
        delivery.c.state == State.WAITING,
        delivery.c.lane == Lane.STORY,
        delivery.c.due_at > at,
        delivery.c.attempts == 0,
        or_(delivery.c.reason.is_(None), delivery.c.reason == QUIET),
    )
    await tx.execute(update(delivery).where(*put_off).values(due_at=at))


def _minute(at: time | None) -> int | None:
    return None if at is None else at.hour * 60 + at.minute
