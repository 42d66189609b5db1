"""Results: what became of claims, written down in batches and in the order in which it happened."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import (
    Integer,
    bindparam,
    case,
    delete,
    func,
    literal,
    literal_column,
    null,
    or_,
    select,
    update,
)

from bot.model.delivery import Delivery, Lane, Outcome, Placed, Removed, Result, State
from bot.store.engine.array_param import among
from bot.store.engine.batches import Groups
from bot.store.engine.database import Transaction
from bot.store.engine.upsert import upsert
from bot.store.ledger.release.rows import IS_WAITING
from bot.store.ledger.release.verdicts import REASON_CHARACTERS
from bot.store.tables.audience import chat
from bot.store.tables.ledger import delivery, message

_OPEN = delivery.c.state.in_([literal_column(str(int(each))) for each in (State.WAITING, State.CLAIMED)])
_UNCHANGED = delivery.c.wanted == bindparam("b_wanted")
_AGAIN = literal(State.WAITING, delivery.c.state.type)
_IS_SHOWN = func.coalesce(bindparam("b_shown", type_=Integer), 0) > 0

# One that is wanted otherwise meanwhile (corrected, killed) waits again at once, in the lane of that.
_END = (
    update(delivery)
    .where(
        delivery.c.bot_id == bindparam("b_bot"),
        delivery.c.kind == bindparam("b_kind"),
        delivery.c.subject_id == bindparam("b_subject"),
        among(delivery.c.chat_id, "b_chats"),
        _OPEN,
    )
    .values(
        state=case(
            (_UNCHANGED, bindparam("b_state", type_=delivery.c.state.type)),
            else_=literal(State.WAITING, delivery.c.state.type),
        ),
        reason=case((_UNCHANGED, bindparam("b_reason", type_=delivery.c.reason.type)), else_=null()),
        lane=case(
            (or_(_UNCHANGED, ~_IS_SHOWN), delivery.c.lane),
            (delivery.c.wanted == 0, literal(Lane.KILL, delivery.c.lane.type)),
            else_=literal(Lane.CORRECTION, delivery.c.lane.type),
        ),
        due_at=case(
            (
                _UNCHANGED,
                func.coalesce(bindparam("b_due", type_=delivery.c.due_at.type), delivery.c.due_at),
            ),
            else_=bindparam("b_now", type_=delivery.c.due_at.type),
        ),
        shown=bindparam("b_shown", type_=Integer),
        attempts=bindparam("b_attempts"),
        lease_until=None,
        accepted_at=func.coalesce(
            delivery.c.accepted_at, bindparam("b_accepted", type_=delivery.c.accepted_at.type)
        ),
    )
)
_HOLD = (
    update(chat)
    .where(chat.c.id == bindparam("b_chat"))
    .where(or_(chat.c.paused_until.is_(None), chat.c.paused_until < bindparam("b_due")))
    .values(paused_until=bindparam("b_due"))
)
# What is newer would overtake what was put off, were it due before it.
_BEHIND = (
    update(delivery)
    .where(delivery.c.chat_id == bindparam("b_chat"), IS_WAITING, delivery.c.due_at < bindparam("b_due"))
    .values(due_at=bindparam("b_due"))
)
_REMOVE = delete(message).where(
    message.c.bot_id == bindparam("b_bot"),
    message.c.kind == bindparam("b_kind"),
    message.c.subject_id == bindparam("b_subject"),
    message.c.chat_id == bindparam("b_chat"),
    message.c.part == bindparam("b_part"),
)

_PLACE = select(
    *(delivery.c[name] for name in ("bot_id", "kind", "subject_id", "chat_id")),
    bindparam("b_part", type_=message.c.part.type).label("part"),
    bindparam("b_message", type_=message.c.message_id.type).label("message_id"),
    bindparam("b_revision", type_=message.c.revision.type).label("revision"),
    bindparam("b_form", type_=message.c.form.type).label("form"),
    bindparam("b_now", type_=message.c.sent_at.type).label("sent_at"),
).where(
    delivery.c.bot_id == bindparam("b_bot"),
    delivery.c.kind == bindparam("b_kind"),
    delivery.c.subject_id == bindparam("b_subject"),
    delivery.c.chat_id == bindparam("b_chat"),
)


async def settle(tx: Transaction, results: Sequence[Result], now: datetime) -> None:
    """Write down what became of claims."""
    placed = _last_of_each([each for each in results if isinstance(each, (Placed, Removed))])
    await _place(tx, [each for each in placed if isinstance(each, Placed)], now)
    removed = [_named(each.delivery) | {"b_part": each.part} for each in placed if isinstance(each, Removed)]
    ended = [each for each in results if isinstance(each, Outcome)]
    endings = Groups(*_ENDING)
    for each in ended:
        endings.add(*_key(each.delivery), *_ending(each, now))
    held = [{"b_chat": each.delivery.chat_id, "b_due": each.due_at} for each in ended if each.holds_chat]
    for statement, values in ((_REMOVE, removed), (_END, endings.rows()), (_HOLD, held), (_BEHIND, held)):
        if values:
            await tx.execute(statement, values)


def _last_of_each(results: Sequence[Placed | Removed]) -> list[Placed | Removed]:
    """Return what became of each message in the end: one may be placed and removed within a batch."""
    return list({(each.delivery.key, each.part): each for each in results}.values())


async def _place(tx: Transaction, placed: Sequence[Placed], now: datetime) -> None:
    """Keep where messages stand. Of a chat that left meanwhile, or joined another, nothing is kept."""
    if not placed:
        return
    new = upsert(tx, message)
    changed = {name: new.excluded[name] for name in ("message_id", "revision", "form")}
    statement = new.from_select(_PLACE.selected_columns.keys(), _PLACE)
    rows = [
        {
            **_named(each.delivery),
            "b_part": each.part,
            "b_message": each.message_id,
            "b_revision": each.revision,
            "b_form": each.form,
            "b_now": now,
        }
        for each in placed
    ]
    index = ["bot_id", "kind", "subject_id", "chat_id", "part"]
    await tx.execute(statement.on_conflict_do_update(index_elements=index, set_=changed), rows)


_ENDING = ("b_wanted", "b_state", "b_shown", "b_attempts", "b_reason", "b_due", "b_now", "b_accepted")


def _ending(each: Outcome, now: datetime) -> tuple[Any, ...]:
    done = each.state is State.DONE
    return (
        each.delivery.wanted,
        each.state,
        each.shown if done else each.delivery.shown,
        each.attempts,
        (each.reason or "")[:REASON_CHARACTERS] or None,
        each.due_at if each.state is State.WAITING else None,
        now,
        now if done and each.shown else None,
    )


def _key(one: Delivery) -> tuple[int, int, int, int]:
    return one.bot_id, one.subject.kind, one.subject.id, one.chat_id


def _named(one: Delivery) -> dict[str, Any]:
    return dict(zip(("b_bot", "b_kind", "b_subject", "b_chat"), _key(one), strict=True))
