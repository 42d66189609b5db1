"""Which conditions a story meets, and the chats that watch for those."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any, NamedTuple

from sqlalchemy import Select, delete, func, literal, select

from bot.model.places.thread import GENERAL
from bot.store.engine.array_param import among_kept
from bot.store.engine.database import Transaction
from bot.store.engine.upsert import upsert
from bot.store.tables.audience import chat
from bot.store.tables.watch import alert_condition, alert_match, word_alert


class Condition(NamedTuple):
    """What stories must say, as it is kept, with the rarest stem that a story must have and the next one."""

    id: int
    terms: str
    rarest: str
    also: str | None


async def any_kept(tx: Transaction) -> bool:
    """Return whether any chat watches for anything."""
    return (await tx.execute(select(word_alert.c.id).limit(1))).first() is not None


async def conditions(tx: Transaction, after: int, limit: int) -> list[Condition]:
    """Return conditions with higher numbers, in their order."""
    columns = (
        alert_condition.c.id,
        alert_condition.c.terms,
        alert_condition.c.rarest,
        alert_condition.c.also,
    )
    behind = select(*columns).where(alert_condition.c.id > after).order_by(alert_condition.c.id).limit(limit)
    return [Condition(*row) for row in await tx.execute(behind)]


async def put(tx: Transaction, article_id: int, met: Collection[int]) -> bool:
    """Keep which conditions a story meets now, and no others; return whether it did not meet one of them before."""
    of_it = alert_match.c.article_id == article_id
    had = (await tx.execute(select(alert_match.c.conditions).where(of_it))).scalar_one_or_none()
    if had is None and not met:
        return False
    new = upsert(tx, alert_match).values(article_id=article_id, conditions=sorted(met))
    changed = {"conditions": new.excluded.conditions}
    await tx.execute(new.on_conflict_do_update(index_elements=["article_id"], set_=changed))
    return not set(met).issubset(had or ())


async def kept(tx: Transaction, article_id: int) -> bool:
    """Return whether a story is known to meet any condition."""
    found = select(alert_match.c.article_id).where(alert_match.c.article_id == article_id)
    return (await tx.execute(found)).first() is not None


def alerted(article_id: int, *which: Any) -> Select[Any]:
    """Return a select of (bot, chat, thread) of the chats that watch for what the story says.

    `which` narrows them down, by columns of `word_alert`: the planner would else look at all who watch for a word.
    """
    met = select(alert_match.c.conditions).where(alert_match.c.article_id == article_id).scalar_subquery()
    watch = (
        select(word_alert.c.chat_id, func.min(word_alert.c.thread_id).label("thread_id"))
        .where(among_kept(word_alert.c.condition_id, met), ~word_alert.c.paused, *which)
        .group_by(word_alert.c.chat_id)
        .subquery("watch")
    )
    thread = func.nullif(func.coalesce(watch.c.thread_id, chat.c.thread_id), literal(GENERAL))
    return select(chat.c.bot_id, chat.c.id, thread).join(watch, watch.c.chat_id == chat.c.id)


async def forget(tx: Transaction, article_id: int) -> None:
    """Forget what a story met: nothing of it is to go out any more."""
    await tx.execute(delete(alert_match).where(alert_match.c.article_id == article_id))
