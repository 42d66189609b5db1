"""Bulletins as they are kept: decided once, planned page by page, stopped at any moment."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import Row, case, func, literal, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.model.bulletin import Bulletin, BulletinKind, Progress
from bot.model.delivery import Lane, State, SubjectKind
from bot.store import plan
from bot.store.tables import bot, bulletin, chat, delivery
from bot.store.upsert import upsert

STOPPED = "stopped"
SWEPT_AT_ONCE = 20_000
"""How many chats' deliveries a stop closes in its own transaction; a claim closes the rest."""


async def add(
    tx: AsyncConnection,
    *,
    article_id: int,
    revision: int,
    kind: BulletinKind,
    lane: Lane,
    everybody: bool,
    at: datetime,
    key: str,
    by: int | None,
) -> tuple[int, bool]:
    """Decide that readers are to be told; return the bulletin's id and whether it is new.

    The same `key` finds the first decision. Chats that join later are not in its audience.
    """
    values = {
        "key": key,
        "article_id": article_id,
        "revision": revision,
        "kind": kind,
        "lane": lane,
        "everybody": everybody,
        "created_at": at,
        "created_by": by,
        "ceiling": select(func.coalesce(func.max(chat.c.id), 0)).scalar_subquery(),
    }
    new = upsert(tx, bulletin).values(values).on_conflict_do_nothing(index_elements=["key"])
    made = (await tx.execute(new.returning(bulletin.c.id))).scalar_one_or_none()
    if made is not None:
        return int(made), True
    found = await tx.execute(select(bulletin.c.id).where(bulletin.c.key == key))
    return int(found.scalar_one()), False


async def get(tx: AsyncConnection, bulletin_id: int) -> Bulletin | None:
    """Return the bulletin, or None."""
    row = (await tx.execute(select(bulletin).where(bulletin.c.id == bulletin_id))).first()
    return _bulletin(row) if row else None


async def unfinished(tx: AsyncConnection, limit: int = 100, *, lock: bool = False) -> list[Bulletin]:
    """Return what is still to be planned, the most urgent first. `lock` skips what another one plans."""
    statement = select(bulletin).where(bulletin.c.planned_at.is_(None))
    statement = statement.order_by(bulletin.c.lane, bulletin.c.id).limit(limit)
    if lock:
        statement = statement.with_for_update(skip_locked=True)
    return [_bulletin(row) for row in (await tx.execute(statement)).all()]


async def stop(tx: AsyncConnection, bulletin_id: int, by: int | None, reason: str, at: datetime) -> bool:
    """End a bulletin: what waits is skipped, nothing more is planned. False where it had ended before."""
    running = update(bulletin).where(bulletin.c.id == bulletin_id, bulletin.c.stopped_at.is_(None))
    ended = running.values(
        stopped_at=at,
        stopped_by=by,
        stop_reason=reason,
        planned_at=func.coalesce(bulletin.c.planned_at, literal(at, bulletin.c.planned_at.type)),
    )
    article_id = (await tx.execute(ended.returning(bulletin.c.article_id))).scalar_one_or_none()
    if article_id is None:
        return False
    of_it = _deliveries(article_id) & (delivery.c.bulletin_id == bulletin_id)
    first = select(func.min(delivery.c.chat_id)).where(of_it, delivery.c.state == State.WAITING)
    start = (await tx.execute(first)).scalar_one_or_none()
    if start is not None:
        await tx.execute(
            update(delivery)
            .where(of_it, delivery.c.state == State.WAITING, delivery.c.shown.is_(None))
            .where(delivery.c.chat_id < start + SWEPT_AT_ONCE)
            .values(state=State.SKIPPED, reason=STOPPED)
        )
    return True


async def lift_refusals(tx: AsyncConnection, article_id: int) -> None:
    """Let what was stopped because Telegram refused the article go on, now that it reads differently."""
    refused = (bulletin.c.article_id == article_id, bulletin.c.stop_reason.startswith(plan.REFUSED))
    unplanned = case((bulletin.c.cursor < bulletin.c.ceiling, None), else_=bulletin.c.planned_at)
    values = {"stopped_at": None, "stopped_by": None, "stop_reason": "", "planned_at": unplanned}
    await tx.execute(update(bulletin).where(*refused).values(values))


async def progress(tx: AsyncConnection, bulletin_id: int) -> Progress | None:
    """Return how far a bulletin has come, or None where there is none such."""
    row = (await tx.execute(select(bulletin).where(bulletin.c.id == bulletin_id))).first()
    if row is None:
        return None
    rows = (await tx.execute(_tally(_bulletin(row)))).all()
    stopped = row.stopped_at is not None
    totals = {"accepted": 0, "waiting": 0, "in_doubt": 0}
    failed: dict[str, int] = {}
    skipped: dict[str, int] = {}
    for state, reason, accepted, count, _ in rows:
        if accepted:
            totals["accepted"] += count
        elif state is State.DOUBT:
            totals["in_doubt"] += count
        elif state is State.FAILED:
            failed[reason or ""] = failed.get(reason or "", 0) + count
        elif state is State.SKIPPED or (stopped and state is State.WAITING):
            why = reason if state is State.SKIPPED and reason else STOPPED
            skipped[why] = skipped.get(why, 0) + count
        else:
            totals["waiting"] += count
    return Progress(
        audience=sum(count for *_, count, _ in rows),
        **totals,
        planned=row.planned_at is not None,
        stopped=stopped,
        created_at=row.created_at,
        last_at=max((last for *_, last in rows if last is not None), default=None),
        failed=failed,
        skipped=skipped,
    )


async def audience(
    tx: AsyncConnection, bot_id: int, *, everybody: bool, topic_ids: list[int] | tuple[int, ...]
) -> int:
    """Return how many chats of that bot an article on those topics would reach now."""
    return await plan.count(tx, bot_id, everybody=everybody, topic_ids=topic_ids)


def _tally(told: Bulletin) -> Any:
    accepted: Any
    if told.kind is BulletinKind.NEW:
        of_it = _deliveries(told.article_id) & (delivery.c.bulletin_id == told.id)
        accepted = delivery.c.accepted_at.is_not(None)
    else:
        of_it = _deliveries(told.article_id) & delivery.c.shown.is_not(None)
        accepted = delivery.c.state == State.DONE
    columns = (delivery.c.state, delivery.c.reason, accepted)
    return select(*columns, func.count(), func.max(delivery.c.accepted_at)).where(of_it).group_by(*columns)


def _deliveries(article_id: int) -> Any:
    # Naming the bots lets the primary key serve.
    bots = delivery.c.bot_id.in_(select(bot.c.id))
    return bots & (delivery.c.kind == SubjectKind.ARTICLE) & (delivery.c.subject_id == article_id)


def _bulletin(row: Row[Any]) -> Bulletin:
    return Bulletin(
        id=row.id,
        article_id=row.article_id,
        revision=row.revision,
        kind=row.kind,
        lane=row.lane,
        everybody=row.everybody,
        created_at=row.created_at,
        ceiling=row.ceiling,
        cursor=row.cursor,
        planned_at=row.planned_at,
        stopped_at=row.stopped_at,
    )
