"""Bulletins as they are kept: decided once, planned page by page, stopped at any moment."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Row, case, func, literal, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.model.bulletin import Bulletin, BulletinKind, Progress
from bot.model.delivery import WITHDRAWN, Lane, State, SubjectKind
from bot.store import plan
from bot.store.tables import bot, bulletin, chat, delivery
from bot.store.upsert import upsert

STOPPED = "stopped"
SOON_SECONDS = (30, 60, 120)
"""Within which times of the decision progress counts what was accepted."""


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


async def of_article(tx: AsyncConnection, article_id: int) -> list[int]:
    """Return the bulletins by which the article is news, oldest first."""
    where = (bulletin.c.article_id == article_id, bulletin.c.kind == BulletinKind.NEW)
    return list((await tx.execute(select(bulletin.c.id).where(*where).order_by(bulletin.c.id))).scalars())


async def unfinished(tx: AsyncConnection, limit: int = 100, *, lock: bool = False) -> list[Bulletin]:
    """Return what is still to be planned and not paused, the most urgent first.

    `lock` skips what another one plans.
    """
    statement = select(bulletin).where(bulletin.c.planned_at.is_(None), bulletin.c.paused_at.is_(None))
    statement = statement.order_by(bulletin.c.lane, bulletin.c.id).limit(limit)
    if lock:
        statement = statement.with_for_update(skip_locked=True)
    return [_bulletin(row) for row in (await tx.execute(statement)).all()]


async def unplanned(tx: AsyncConnection, article_id: int) -> bool:
    """Return whether a bulletin on the article is still to be planned."""
    where = (bulletin.c.article_id == article_id, bulletin.c.planned_at.is_(None))
    return (await tx.execute(select(bulletin.c.id).where(*where).limit(1))).first() is not None


async def stop(tx: AsyncConnection, bulletin_id: int, by: int | None, reason: str, at: datetime) -> bool:
    """End a bulletin: what waits is skipped, nothing more is planned. False where it had ended before."""
    which = (bulletin.c.id == bulletin_id) & (bulletin.c.kind == BulletinKind.NEW)
    return bool(await _stop(tx, which, by, reason, at))


async def stop_all(tx: AsyncConnection, article_id: int, by: int | None, reason: str, at: datetime) -> None:
    """End whatever still brings the article to chats: planned later, a correction would bring it back."""
    which = (bulletin.c.article_id == article_id) & (bulletin.c.kind != BulletinKind.KILLED)
    await _stop(tx, which, by, reason, at)


async def _stop(tx: AsyncConnection, which: Any, by: int | None, reason: str, at: datetime) -> int:
    running = update(bulletin).where(which, bulletin.c.stopped_at.is_(None))
    planned = func.coalesce(bulletin.c.planned_at, literal(at, bulletin.c.planned_at.type))
    ended = {"stopped_at": at, "stopped_by": by, "stop_reason": reason, "planned_at": planned}
    return (await tx.execute(running.values(**ended, sweep_cursor=0))).rowcount


async def pause(
    tx: AsyncConnection, bulletin_id: int, by: int | None, reason: str, at: datetime, *, once: bool = False
) -> bool:
    """Let a bulletin wait until it is resumed. False where it is paused, or has ended.

    `once`: also where it was paused for a reason before, and somebody let it go on.
    """
    running = update(bulletin).where(
        bulletin.c.id == bulletin_id, bulletin.c.stopped_at.is_(None), bulletin.c.paused_at.is_(None)
    )
    if once:
        running = running.where(bulletin.c.pause_reason == "")
    paused = {"paused_at": at, "paused_by": by, "pause_reason": reason, "sweep_cursor": 0}
    return (await tx.execute(running.values(paused))).rowcount == 1


async def resume(tx: AsyncConnection, bulletin_id: int) -> bool:
    """Let a paused bulletin go on. False where it is not paused, or has ended."""
    paused = update(bulletin).where(
        bulletin.c.id == bulletin_id, bulletin.c.stopped_at.is_(None), bulletin.c.paused_at.is_not(None)
    )
    goes_on = {"paused_at": None, "paused_by": None, "sweep_cursor": 0}
    return (await tx.execute(paused.values(goes_on))).rowcount == 1


async def sweep_page(tx: AsyncConnection, size: int, now: datetime) -> bool:
    """Bring a stop, a pause or its end to the deliveries of some more chats; return whether there were any.

    A claim asks the bulletin itself and need not wait for this: it keeps what is stopped or paused from
    standing in front of what is not.
    """
    unswept = select(bulletin).where(bulletin.c.sweep_cursor.is_not(None)).order_by(bulletin.c.id).limit(1)
    row = (await tx.execute(unswept.with_for_update(skip_locked=True))).first()
    if row is None:
        return False
    end = min(row.cursor, row.sweep_cursor + size)
    waiting = update(delivery).where(
        _deliveries(row.article_id),
        delivery.c.chat_id > row.sweep_cursor,
        delivery.c.chat_id <= end,
        delivery.c.bulletin_id == row.id,
        delivery.c.state == State.WAITING,
        delivery.c.shown.is_(None),
        delivery.c.wanted != WITHDRAWN,
    )
    if row.stopped_at is not None:
        swept = waiting.values(state=State.SKIPPED, reason=plan.reason_of(row.stop_reason))
    elif row.paused_at is not None:
        swept = waiting.values(due_at=plan.PARKED)
    else:
        swept = waiting.where(delivery.c.due_at == plan.PARKED).values(due_at=now)
    await tx.execute(swept)
    values = {"sweep_cursor": end if end < row.cursor else None}
    await tx.execute(update(bulletin).where(bulletin.c.id == row.id).values(values))
    return True


async def lift_refusals(tx: AsyncConnection, article_id: int) -> None:
    """Let what was stopped because Telegram refused the article go on, now that it reads differently."""
    refused = (bulletin.c.article_id == article_id, bulletin.c.stop_reason.startswith(plan.REFUSED))
    unplanned = case((bulletin.c.cursor < bulletin.c.ceiling, None), else_=bulletin.c.planned_at)
    values = {"stopped_at": None, "stopped_by": None, "stop_reason": "", "planned_at": unplanned}
    values["sweep_cursor"] = None
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
    for state, reason, accepted, count, *_ in rows:
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
    soon = zip(SOON_SECONDS, zip(*(each[5:] for each in rows), strict=True), strict=False)
    return Progress(
        audience=sum(each[3] for each in rows),
        **totals,
        planned=row.planned_at is not None,
        stopped=stopped,
        created_at=row.created_at,
        last_at=max((each[4] for each in rows if each[4] is not None), default=None),
        failed=failed,
        skipped=skipped,
        paused=row.paused_at is not None and not stopped,
        pause_reason=row.pause_reason,
        within={seconds: sum(counts) for seconds, counts in soon},
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
    soon = [
        func.count(case((delivery.c.accepted_at <= told.created_at + timedelta(seconds=seconds), 1)))
        for seconds in SOON_SECONDS
    ]
    figures = (func.count(), func.max(delivery.c.accepted_at), *soon)
    return select(*columns, *figures).where(of_it).group_by(*columns)


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
        paused_at=row.paused_at,
    )
