"""What a chat chose: languages, form, digests, quiet hours, caps, absences."""

from __future__ import annotations

from datetime import datetime, time
from typing import Any, Unpack

from sqlalchemy import false, or_, update

from bot.model.chat import Chat, Choices
from bot.model.delivery import Lane, State
from bot.model.hours import DigestTime, Quiet, next_after_move, quiet_end
from bot.model.release import QUIET
from bot.store.audience import chats
from bot.store.engine.database import Transaction
from bot.store.ledger.release import catch_ups
from bot.store.tables.audience import chat, subscription
from bot.store.tables.ledger import delivery

_BOUNDS = ("weekend_from", "weekend_to", "most_hour", "most_day", "merges", "away_until")


async def change(tx: Transaction, chat_id: int, at: datetime, **choices: Unpack[Choices]) -> Chat:
    """Keep what the chat chose and return it. `at`, the time now, says when its next digest falls due."""
    values: dict[str, Any] = dict(choices)
    if "digest_at" in values:
        values["digest_times"] = tuple(DigestTime(each) for each in values.pop("digest_at"))
    if "digest_times" in values:
        values["digest_times"] = tuple(sorted(values["digest_times"]))
    values |= _quiet(values, "quiet", "quiet_from", "quiet_to")
    values |= _quiet(values, "weekend", "weekend_from", "weekend_to")
    before = await chats.expect(tx, chat_id)
    if values:
        await chats.change(tx, chat_id, **values)
    if values.keys() & {*_BOUNDS, "silent"}:
        await _mark(tx, chat_id)
    known = await chats.expect(tx, chat_id)
    if {"quiet", "zone", "flash_at_night", "weekend"} & choices.keys():
        await _wake(tx, chat_id, at)
    if "digest_times" in values or "zone" in choices:
        due = _next_digest(before, known, at)
        await chats.change(tx, chat_id, digest_due=due)
        return await chats.expect(tx, chat_id)
    return known


async def leave_alone(
    tx: Transaction, one: Chat, at: datetime, until: datetime, *, flash: bool = False
) -> Chat:
    """Let nothing come to the chat until then, breaking news alone where `flash`. What it misses is told at the end."""
    since = one.bounds.away_since if one.bounds.away(at) else at
    away = {"away_since": since, "away_until": until, "away_flash": flash, "bounded": True}
    await chats.change(tx, one.id, **away)
    await catch_ups.expect(tx, one.bot_id, [one.id], until)
    known = await chats.expect(tx, one.id)
    await chats.change(tx, one.id, digest_due=known.next_digest(at))
    return await chats.expect(tx, one.id)


async def come_back(tx: Transaction, one: Chat, at: datetime) -> Chat:
    """End an absence now: what came meanwhile is told next."""
    if one.bounds.away(at):
        await chats.change(tx, one.id, away_until=at)
        known = await chats.expect(tx, one.id)
        await chats.change(tx, one.id, digest_due=known.next_digest(at))
        await catch_ups.expect(tx, one.bot_id, [one.id], at)
    return await chats.expect(tx, one.id)


async def end_absence(tx: Transaction, chat_id: int) -> None:
    """Forget an absence that is over, and told."""
    await chats.change(tx, chat_id, away_since=None, away_until=None, away_flash=False)
    await _mark(tx, chat_id)


async def mark_bounded(tx: Transaction, chat_id: int) -> None:
    """Note whether a claim has to look at what the chat chose of its topics."""
    await _mark(tx, chat_id)


async def _mark(tx: Transaction, chat_id: int) -> None:
    of_topics = subscription.c.most.is_not(None) & (subscription.c.chat_id == chat_id)
    capped = subscription.select().where(of_topics).exists()
    chosen = or_(*(chat.c[name].is_not(None) for name in _BOUNDS), chat.c.silent, capped)
    await tx.execute(update(chat).where(chat.c.id == chat_id).values(bounded=chosen))


def _next_digest(before: Chat, known: Chat, at: datetime) -> datetime | None:
    """Return when the next digest is due: after a move, the one that was due keeps its day and hour."""
    moved = known.zone != before.zone and known.digest_times == before.digest_times
    if not moved or before.digest_due is None or known.bounds.away(at):
        return known.next_digest(at)
    due = next_after_move(
        before.digest_due,
        known.digest_times,
        at,
        before=before.zone,
        zone=known.zone,
        last=before.digest_last,
    )
    # What the move jumped over is made up for at once, but wakes nobody.
    night = quiet_end(at, known.quiet, known.zone, weekend=known.bounds.weekend)
    return known.next_digest(at) if due == at and night is not None else due


async def _wake(tx: Transaction, chat_id: int, at: datetime) -> None:
    """Let stories that quiet hours had put off be asked about again: the hours are others now."""
    gathered = await catch_ups.look_at(tx, chat_id, at)
    put_off = (
        delivery.c.chat_id == chat_id,
        delivery.c.state == State.WAITING,
        delivery.c.lane == Lane.STORY,
        delivery.c.due_at > at,
        delivery.c.attempts == 0,
        # What is to be gathered waits for that.
        or_(delivery.c.reason.is_(None), false() if gathered else delivery.c.reason == QUIET),
    )
    await tx.execute(update(delivery).where(*put_off).values(due_at=at))


def _quiet(values: dict[str, Any], name: str, begins: str, ends: str) -> dict[str, int | None]:
    if name not in values:
        return {}
    hours: Quiet | None = values.pop(name)
    return {begins: _minute(hours[0]) if hours else None, ends: _minute(hours[1]) if hours else None}


def _minute(at: time) -> int:
    return at.hour * 60 + at.minute
