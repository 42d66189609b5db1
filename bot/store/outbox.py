"""The ledger of deliveries, as the courier uses it: claim, settle, take back what a dead process held."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Row, bindparam, delete, func, insert, select, tuple_, update
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.model.chat import ChatState
from bot.model.delivery import (
    WITHDRAWN,
    Delivery,
    Lane,
    Outcome,
    Placed,
    Removed,
    Result,
    Shown,
    State,
    Subject,
)
from bot.store.inserting import insert_into
from bot.store.tables import bulletin, chat, delivery, message

_KEY = (delivery.c.bot_id, delivery.c.kind, delivery.c.subject_id, delivery.c.chat_id)
REASON_CHARACTERS = 64


async def claim(
    tx: AsyncConnection, bot_id: int, lane: Lane, now: datetime, limit: int, lease: timedelta
) -> list[Delivery]:
    """Take up to `limit` due deliveries of a lane for `lease`, in order.

    What may no longer go out (a chat that has left, a life that is over, a stopped bulletin) is settled as
    skipped on the way and not returned.
    """
    waiting = (delivery.c.bot_id == bot_id, delivery.c.state == State.WAITING, delivery.c.lane == lane)
    head = (
        select(*_KEY)
        .where(*waiting, delivery.c.due_at <= now)
        .order_by(delivery.c.due_at, delivery.c.subject_id, delivery.c.chat_id)
        .limit(limit)
        .with_for_update(skip_locked=True)
    )
    taken = (
        update(delivery)
        .where(tuple_(*_KEY).in_(head))
        .values(state=State.CLAIMED, lease_until=now + lease)
        .returning(*_KEY)
    )
    keys = [tuple(row) for row in (await tx.execute(taken)).all()]
    if not keys:
        return []
    rows = [row for row in await _details(tx, keys) if not await _skipped(tx, row, now)]
    shown = await _shown(tx, [_key(row) for row in rows])
    found = [_delivery(row, shown.get(_key(row), ())) for row in rows]
    return sorted(found, key=lambda one: (one.due_at, one.subject.id, one.chat_id))


async def settle(tx: AsyncConnection, results: Sequence[Result], now: datetime) -> None:
    """Write down what became of claims, in the order in which it happened."""
    await _place(tx, [each for each in results if isinstance(each, Placed)], now)
    for each in results:
        if isinstance(each, Removed):
            await tx.execute(delete(message).where(*_of(message, each.delivery), message.c.part == each.part))
    outcomes = [each for each in results if isinstance(each, Outcome)]
    await _end(tx, [each for each in outcomes if each.state is not State.WAITING], now)
    for each in outcomes:
        if each.state is State.WAITING:
            await tx.execute(
                update(delivery)
                .where(*_of(delivery, each.delivery), delivery.c.state == State.CLAIMED)
                .values(
                    state=State.WAITING,
                    lease_until=None,
                    attempts=each.attempts,
                    due_at=each.due_at or now,
                    reason=(each.reason or "")[:REASON_CHARACTERS] or None,
                )
            )


async def take_back(tx: AsyncConnection, bot_id: int, now: datetime | None = None) -> int:
    """Let claims wait again whose lease has run out by `now`; all of them where `now` is None.

    Only who holds the bot's own lease may take back all: the process that claimed them is dead.
    """
    where = [delivery.c.bot_id == bot_id, delivery.c.state == State.CLAIMED]
    if now is not None:
        where.append(delivery.c.lease_until <= now)
    back = update(delivery).where(*where)
    return (await tx.execute(back.values(state=State.WAITING, lease_until=None))).rowcount


async def next_due(tx: AsyncConnection, bot_id: int) -> datetime | None:
    """Return when the earliest waiting delivery falls due, or None where none waits."""
    found: list[datetime] = []
    for lane in Lane:
        where = (delivery.c.bot_id == bot_id, delivery.c.state == State.WAITING, delivery.c.lane == lane)
        at = (await tx.execute(select(func.min(delivery.c.due_at)).where(*where))).scalar_one_or_none()
        if at is not None:
            found.append(at)
    return min(found, default=None)


async def waiting(tx: AsyncConnection, bot_id: int) -> dict[Lane, tuple[int, datetime]]:
    """Return, for each lane in which something waits, how much and since when the oldest is due."""
    where = (delivery.c.bot_id == bot_id, delivery.c.state == State.WAITING)
    statement = select(delivery.c.lane, func.count(), func.min(delivery.c.due_at)).where(*where)
    rows = await tx.execute(statement.group_by(delivery.c.lane))
    return {lane: (count, oldest) for lane, count, oldest in rows}


async def _details(tx: AsyncConnection, keys: Sequence[tuple[Any, ...]]) -> Sequence[Row[Any]]:
    statement = (
        select(
            delivery,
            chat.c.telegram_id,
            chat.c.kind.label("chat_kind"),
            chat.c.language,
            chat.c.zone,
            chat.c.state.label("chat_state"),
            bulletin.c.stopped_at,
            bulletin.c.stop_reason,
        )
        .join(chat, chat.c.id == delivery.c.chat_id)
        .outerjoin(bulletin, bulletin.c.id == delivery.c.bulletin_id)
        .where(tuple_(*_KEY).in_(keys))
    )
    return (await tx.execute(statement)).all()


async def _skipped(tx: AsyncConnection, row: Row[Any], now: datetime) -> bool:
    reason = None
    fresh = not row.shown
    if row.chat_state is not ChatState.ACTIVE:
        reason = str(row.chat_state)
    elif fresh and row.wanted == WITHDRAWN:
        reason = "killed"
    elif fresh and row.stopped_at is not None:
        reason = row.stop_reason or "stopped"
    elif fresh and row.expires_at is not None and row.expires_at <= now:
        reason = "too-late"
    if reason is None:
        return False
    values = {"state": State.SKIPPED, "reason": reason[:REASON_CHARACTERS], "lease_until": None}
    where = [column == value for column, value in zip(_KEY, _key(row), strict=True)]
    await tx.execute(update(delivery).where(*where).values(values))
    return True


async def _shown(tx: AsyncConnection, keys: Sequence[tuple[Any, ...]]) -> dict[Any, tuple[Shown, ...]]:
    if not keys:
        return {}
    columns = (message.c.bot_id, message.c.kind, message.c.subject_id, message.c.chat_id)
    statement = select(message).where(tuple_(*columns).in_(keys)).order_by(message.c.part)
    found: dict[Any, tuple[Shown, ...]] = {}
    for row in await tx.execute(statement):
        key = _key(row)
        found[key] = (*found.get(key, ()), Shown(row.part, row.message_id, row.form))
    return found


async def _place(tx: AsyncConnection, placed: Sequence[Placed], now: datetime) -> None:
    if not placed:
        return
    new = insert_into(tx, message)
    changed = {
        "message_id": new.excluded.message_id,
        "revision": new.excluded.revision,
        "form": new.excluded.form,
    }
    index = ["bot_id", "kind", "subject_id", "chat_id", "part"]
    rows = [
        {
            "bot_id": each.delivery.bot_id,
            "kind": each.delivery.subject.kind,
            "subject_id": each.delivery.subject.id,
            "chat_id": each.delivery.chat_id,
            "part": each.part,
            "message_id": each.message_id,
            "revision": each.revision,
            "form": each.form,
            "sent_at": now,
        }
        for each in placed
    ]
    await tx.execute(new.on_conflict_do_update(index_elements=index, set_=changed), rows)


async def _end(tx: AsyncConnection, outcomes: Iterable[Outcome], now: datetime) -> None:
    """Settle claims; one that is wanted otherwise meanwhile (corrected, killed) waits again at once."""
    rows = [
        {
            "b_bot": each.delivery.bot_id,
            "b_kind": each.delivery.subject.kind,
            "b_subject": each.delivery.subject.id,
            "b_chat": each.delivery.chat_id,
            "b_wanted": each.delivery.wanted,
            "b_state": each.state,
            "b_shown": each.shown if each.state is State.DONE else each.delivery.shown,
            "b_attempts": each.attempts,
            "b_reason": (each.reason or "")[:REASON_CHARACTERS] or None,
            "b_now": now,
        }
        for each in outcomes
    ]
    if not rows:
        return
    where = (
        delivery.c.bot_id == bindparam("b_bot"),
        delivery.c.kind == bindparam("b_kind"),
        delivery.c.subject_id == bindparam("b_subject"),
        delivery.c.chat_id == bindparam("b_chat"),
    )
    same = delivery.c.wanted == bindparam("b_wanted")
    values: dict[str, Any] = {
        "shown": bindparam("b_shown"),
        "attempts": bindparam("b_attempts"),
        "lease_until": None,
    }
    again: dict[str, Any] = {"state": State.WAITING, "due_at": bindparam("b_now")}
    ended: dict[str, Any] = {"state": bindparam("b_state"), "reason": bindparam("b_reason")}
    await tx.execute(update(delivery).where(*where, same).values({**values, **ended}), rows)
    await tx.execute(
        update(delivery).where(*where, ~same).values({**values, **again}),
        rows,
    )
    done = [row for row in rows if row["b_state"] is State.DONE and row["b_shown"]]
    if done:
        first = update(delivery).where(*where, delivery.c.accepted_at.is_(None))
        await tx.execute(first.values(accepted_at=bindparam("b_now")), done)


def _of(table: Any, one: Delivery) -> list[Any]:
    return [
        table.c.bot_id == one.bot_id,
        table.c.kind == one.subject.kind,
        table.c.subject_id == one.subject.id,
        table.c.chat_id == one.chat_id,
    ]


def _key(row: Row[Any]) -> tuple[Any, ...]:
    return (row.bot_id, row.kind, row.subject_id, row.chat_id)


def _delivery(row: Row[Any], shown: tuple[Shown, ...]) -> Delivery:
    return Delivery(
        bot_id=row.bot_id,
        chat_id=row.chat_id,
        telegram_id=row.telegram_id,
        chat_kind=str(row.chat_kind),
        language=row.language,
        zone=row.zone,
        subject=Subject(row.kind, row.subject_id),
        lane=row.lane,
        wanted=row.wanted,
        shown=row.shown,
        thread_id=row.thread_id,
        due_at=row.due_at,
        attempts=row.attempts,
        messages=shown,
        bulletin_id=row.bulletin_id,
    )


async def open_digest(tx: AsyncConnection, bot_id: int, digest_id: int, chat_id: int, now: datetime) -> None:
    """Want a digest shown to its chat."""
    await tx.execute(
        insert(delivery).values(
            bot_id=bot_id,
            kind=2,
            subject_id=digest_id,
            chat_id=chat_id,
            lane=Lane.DIGEST,
            wanted=1,
            due_at=now,
            state=State.WAITING,
            attempts=0,
            thread_id=select(chat.c.thread_id).where(chat.c.id == chat_id).scalar_subquery(),
        )
    )
