"""Words that chats watch for. Chats that watch for the same share a condition, so that a story is compared once."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Row, delete, func, insert, select, update

from bot.model.search.alert import Alert, AlertTerms
from bot.store.engine.database import Transaction
from bot.store.engine.upsert import upsert
from bot.store.tables.watch import alert_condition, word_alert

_ALERT = (word_alert, alert_condition.c.terms)


async def of_chat(tx: Transaction, chat_id: int) -> list[Alert]:
    """Return what the chat watches for, in the order in which it began to."""
    mine = select(*_ALERT).join(alert_condition, alert_condition.c.id == word_alert.c.condition_id)
    rows = await tx.execute(mine.where(word_alert.c.chat_id == chat_id).order_by(word_alert.c.id))
    return [_alert(row) for row in rows]


async def get(tx: Transaction, chat_id: int, alert_id: int) -> Alert | None:
    """Return one of the chat's alerts, or None: another chat's is none of it."""
    return next((each for each in await of_chat(tx, chat_id) if each.id == alert_id), None)


async def count(tx: Transaction, chat_id: int) -> int:
    """Return how many alerts the chat has."""
    found = select(func.count()).select_from(word_alert).where(word_alert.c.chat_id == chat_id)
    return int((await tx.execute(found)).scalar_one())


async def add(
    tx: Transaction,
    chat_id: int,
    said: str,
    terms: AlertTerms,
    *,
    rarest: Sequence[str],
    at: datetime,
    thread_id: int | None = None,
) -> bool:
    """Let the chat watch for words; False where it watches for the same already.

    `rarest` are stems that a story must have, the rarest first, one at least: by those it is found.
    """
    values = {"terms": terms.dump(), "rarest": rarest[0], "also": rarest[1] if len(rarest) > 1 else None}
    new = upsert(tx, alert_condition).values(values)
    # Written again rather than left alone: the row is held then, and nobody drops it before the alert is there.
    same = {"terms": new.excluded.terms}
    held = new.on_conflict_do_update(index_elements=["terms"], set_=same)
    condition_id = (await tx.execute(held.returning(alert_condition.c.id))).scalar_one()
    known = select(word_alert.c.id).where(
        word_alert.c.chat_id == chat_id, word_alert.c.condition_id == condition_id
    )
    if (await tx.execute(known)).first() is not None:
        return False
    row = {"chat_id": chat_id, "condition_id": condition_id, "said": said, "since": at}
    await tx.execute(insert(word_alert).values(row | {"thread_id": thread_id}))
    return True


async def remove(tx: Transaction, chat_id: int, alert_id: int) -> bool:
    """Let the chat watch for those words no more; False where it did not."""
    gone = delete(word_alert).where(word_alert.c.chat_id == chat_id, word_alert.c.id == alert_id)
    return (await tx.execute(gone)).rowcount == 1


async def pause(tx: Transaction, chat_id: int, alert_id: int, *, paused: bool) -> bool:
    """Let an alert bring nothing for now, or bring again; False where the chat has no such alert."""
    mine = update(word_alert).where(word_alert.c.chat_id == chat_id, word_alert.c.id == alert_id)
    return (await tx.execute(mine.values(paused=paused))).rowcount == 1


async def drop_unused(tx: Transaction, limit: int) -> int:
    """Drop some conditions that no chat watches for any more; return how many."""
    unused = ~select(word_alert.c.id).where(word_alert.c.condition_id == alert_condition.c.id).exists()
    found = select(alert_condition.c.id).where(unused).limit(limit).with_for_update()
    ids = (await tx.execute(found)).scalars().all()
    if not ids:
        return 0
    # Asked again: who held a condition until now may have begun to watch for it.
    return (await tx.execute(delete(alert_condition).where(alert_condition.c.id.in_(ids), unused))).rowcount


def _alert(row: Row[Any]) -> Alert:
    return Alert(
        row.id,
        row.said,
        AlertTerms.load(row.terms),
        row.since,
        paused=row.paused,
        thread_id=row.thread_id,
    )
