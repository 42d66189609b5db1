"""Bulletins as they are kept: decided once, planned page by page, stopped at any moment."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Row, case, delete, func, literal, or_, select, union_all, update

from bot.model.audience import FOLLOWERS, Audience, Everybody, Holders, Narrow, audience_of, told_to
from bot.model.bulletin import Bulletin, BulletinKind, Progress
from bot.model.delivery import WITHDRAWN, Lane, Manner, State, SubjectKind
from bot.model.desk.card import CardState
from bot.model.languages import ANY, Codes, primary
from bot.model.release import PARKED, QUIET, REFUSED, reason_of
from bot.store.engine.database import Transaction
from bot.store.engine.upsert import upsert
from bot.store.newsroom.tables import card
from bot.store.newsroom.tables import revision as revisions
from bot.store.tables.audience import chat
from bot.store.tables.ledger import bulletin, delivery
from bot.store.tables.operations import bot

STOPPED = "stopped"
_UNPLANNED = bulletin.c.planned_at.is_(None) & bulletin.c.paused_at.is_(None)
_UNSWEPT = bulletin.c.sweep_cursor.is_not(None)
SOON_SECONDS = (30, 60, 120)
"""Within which times of the decision progress counts what was accepted."""


async def add(
    tx: Transaction,
    *,
    article_id: int,
    revision: int,
    kind: BulletinKind,
    lane: Lane,
    audience: Audience | Narrow = FOLLOWERS,
    at: datetime,
    key: str,
    by: int | None,
    bot_id: int | None = None,
    not_before: datetime | None = None,
    reply_to: int | None = None,
    manner: Manner = Manner.SOUND,
) -> tuple[int, bool]:
    """Decide that readers are to be told; return the bulletin's id and whether it is new.

    The same `key` finds the first decision. Chats that join later are not in its audience. `bot_id` leaves
    out the chats of other bots. Nothing is planned, or leaves, before `not_before`. `reply_to` is the story to whose
    messages this one replies, where a chat has them: those chats are told too.
    """
    languages = await _languages(tx, audience, article_id, revision) if kind is BulletinKind.NEW else ANY
    values = {
        "key": key,
        "article_id": article_id,
        "revision": revision,
        "kind": kind,
        "lane": lane,
        "everybody": isinstance(audience, Everybody),
        "holders_only": isinstance(audience, Holders),
        "told_to": told_to(audience),
        "not_before": not_before,
        "reply_to": reply_to,
        "languages": languages,
        "manner": manner,
        "bot_id": bot_id,
        "created_at": at,
        "created_by": by,
        "count_at": not_before or at,
        "ceiling": select(func.coalesce(func.max(chat.c.id), 0)).scalar_subquery(),
    }
    new = upsert(tx, bulletin).values(values).on_conflict_do_nothing(index_elements=["key"])
    made = (await tx.execute(new.returning(bulletin.c.id))).scalar_one_or_none()
    if made is not None:
        return int(made), True
    found = await tx.execute(select(bulletin.c.id).where(bulletin.c.key == key))
    return int(found.scalar_one()), False


async def _languages(tx: Transaction, audience: Audience | Narrow, article_id: int, number: int) -> Codes:
    if audience.languages is not None:
        return audience.languages
    where = (revisions.c.article_id == article_id, revisions.c.number == number)
    own = (await tx.execute(select(revisions.c.language).where(*where))).scalar_one_or_none()
    return (primary(own),) if own else ANY


async def get(tx: Transaction, bulletin_id: int) -> Bulletin | None:
    """Return the bulletin, or None."""
    row = (await tx.execute(select(bulletin).where(bulletin.c.id == bulletin_id))).first()
    return _bulletin(row) if row else None


async def of_article(tx: Transaction, article_id: int) -> list[int]:
    """Return the bulletins by which the article is news, oldest first."""
    where = (bulletin.c.article_id == article_id, bulletin.c.kind == BulletinKind.NEW)
    return list((await tx.execute(select(bulletin.c.id).where(*where).order_by(bulletin.c.id))).scalars())


async def all_of(tx: Transaction, article_id: int) -> list[Bulletin]:
    """Return all bulletins on an article, oldest first."""
    of_it = select(bulletin).where(bulletin.c.article_id == article_id)
    return [_bulletin(row) for row in await tx.execute(of_it.order_by(bulletin.c.id))]


async def bot_of_news(tx: Transaction, article_id: int) -> int | None:
    """Return the bot to whose chats the article was first news; None: to those of all bots."""
    news = (bulletin.c.article_id == article_id, bulletin.c.kind == BulletinKind.NEW)
    first = select(bulletin.c.bot_id).where(*news).order_by(bulletin.c.id).limit(1)
    bot_id: int | None = (await tx.execute(first)).scalar_one_or_none()
    return bot_id


async def languages_of_news(tx: Transaction, article_id: int) -> Codes:
    """Return the languages whose readers the article was first news for; none: whatever they read."""
    news = (bulletin.c.article_id == article_id, bulletin.c.kind == BulletinKind.NEW)
    first = select(bulletin.c.languages).where(*news).order_by(bulletin.c.id).limit(1)
    return (await tx.execute(first)).scalar_one_or_none() or ANY


async def unfinished(
    tx: Transaction, limit: int = 100, *, lock: bool = False, now: datetime | None = None
) -> list[Bulletin]:
    """Return what is still to be planned and not paused, the most urgent first.

    `lock` skips what another one plans; `now` leaves out what may not start yet.
    """
    statement = select(bulletin).where(_UNPLANNED)
    if now is not None:
        statement = statement.where(or_(bulletin.c.not_before.is_(None), bulletin.c.not_before <= now))
    statement = statement.order_by(bulletin.c.lane, bulletin.c.id).limit(limit)
    if lock:
        statement = statement.with_for_update(skip_locked=True)
    return [_bulletin(row) for row in (await tx.execute(statement)).all()]


async def next_work(tx: Transaction) -> datetime | None:
    """Return from when on a bulletin is to be planned, or swept after a stop or a pause; None without any."""
    start = func.coalesce(bulletin.c.not_before, bulletin.c.created_at)
    unplanned = select(func.min(start).label("at")).where(_UNPLANNED)
    unswept = select(func.min(bulletin.c.created_at)).where(_UNSWEPT)
    at: datetime | None = (
        await tx.execute(select(func.min(union_all(unplanned, unswept).subquery().c.at)))
    ).scalar()
    return at


async def start_of(tx: Transaction, article_id: int) -> datetime | None:
    """Return when the article's news starts, where it had to wait for that; None else."""
    news = (bulletin.c.article_id == article_id, bulletin.c.kind == BulletinKind.NEW)
    newest = select(bulletin.c.not_before).where(*news).order_by(bulletin.c.id.desc()).limit(1)
    start: datetime | None = (await tx.execute(newest)).scalar_one_or_none()
    return start


async def call_off(tx: Transaction, article_id: int, at: datetime) -> bool:
    """Undo the decision to tell of an article that has not started yet; False where it has.

    The bulletin is gone then: published again, the article is news to everybody. One statement decides: who plans
    the bulletin holds its row.
    """
    await tx.execute(
        update(card)
        .where(card.c.bulletin_id.in_(select(bulletin.c.id).where(bulletin.c.article_id == article_id)))
        .values(bulletin_id=None, state=CardState.OPEN, sent_at=None, refreshed_at=None)
    )
    not_begun = (bulletin.c.planned_at.is_(None), bulletin.c.cursor == 0, bulletin.c.not_before > at)
    gone = delete(bulletin).where(bulletin.c.article_id == article_id, *not_begun)
    return (await tx.execute(gone)).rowcount == 1


async def unplanned(tx: Transaction, article_id: int) -> bool:
    """Return whether a bulletin on the article is still to be planned."""
    where = (bulletin.c.article_id == article_id, bulletin.c.planned_at.is_(None))
    return (await tx.execute(select(bulletin.c.id).where(*where).limit(1))).first() is not None


async def stop(tx: Transaction, bulletin_id: int, at: datetime, *, by: int | None, reason: str) -> bool:
    """End a bulletin: what waits is skipped, nothing more is planned. False where it had ended before."""
    which = (bulletin.c.id == bulletin_id) & (bulletin.c.kind == BulletinKind.NEW)
    return bool(await _stop(tx, which, at, by=by, reason=reason))


async def stop_all(tx: Transaction, article_id: int, at: datetime, *, by: int | None, reason: str) -> None:
    """End whatever still brings the article to chats: planned later, a correction would bring it back."""
    which = (bulletin.c.article_id == article_id) & (bulletin.c.kind != BulletinKind.KILLED)
    await _stop(tx, which, at, by=by, reason=reason)


async def _stop(tx: Transaction, which: Any, at: datetime, *, by: int | None, reason: str) -> int:
    running = update(bulletin).where(which, bulletin.c.stopped_at.is_(None))
    planned = func.coalesce(bulletin.c.planned_at, literal(at, bulletin.c.planned_at.type))
    ended = {"stopped_at": at, "stopped_by": by, "stop_reason": reason, "planned_at": planned}
    return (await tx.execute(running.values(**ended, sweep_cursor=0))).rowcount


async def pause(
    tx: Transaction, bulletin_id: int, at: datetime, *, by: int | None, reason: str, once: bool = False
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


async def resume(tx: Transaction, bulletin_id: int) -> bool:
    """Let a paused bulletin go on. False where it is not paused, or has ended."""
    paused = update(bulletin).where(
        bulletin.c.id == bulletin_id, bulletin.c.stopped_at.is_(None), bulletin.c.paused_at.is_not(None)
    )
    goes_on = {"paused_at": None, "paused_by": None, "sweep_cursor": 0}
    return (await tx.execute(paused.values(goes_on))).rowcount == 1


async def sweep_page(tx: Transaction, size: int, now: datetime) -> bool:
    """Bring a stop, a pause or its end to the deliveries of some more chats; return whether there were any.

    A claim asks the bulletin itself and need not wait for this: it keeps what is stopped or paused from
    standing in front of what is not.
    """
    unswept = select(bulletin).where(_UNSWEPT).order_by(bulletin.c.id).limit(1)
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
        swept = waiting.values(state=State.SKIPPED, reason=reason_of(row.stop_reason))
    elif row.paused_at is not None:
        swept = waiting.values(due_at=PARKED)
    else:
        swept = waiting.where(delivery.c.due_at == PARKED).values(due_at=now)
    await tx.execute(swept)
    values = {"sweep_cursor": end if end < row.cursor else None}
    await tx.execute(update(bulletin).where(bulletin.c.id == row.id).values(values))
    return True


async def lift_refusals(tx: Transaction, article_id: int) -> None:
    """Let what was stopped because Telegram refused the article go on, now that it reads differently."""
    refused = (bulletin.c.article_id == article_id, bulletin.c.stop_reason.startswith(REFUSED))
    unplanned = case((bulletin.c.cursor < bulletin.c.ceiling, None), else_=bulletin.c.planned_at)
    values = {"stopped_at": None, "stopped_by": None, "stop_reason": "", "planned_at": unplanned}
    values["sweep_cursor"] = None
    await tx.execute(update(bulletin).where(*refused).values(values))


async def progress(tx: Transaction, bulletin_id: int) -> Progress | None:
    """Return how far a bulletin has come, or None where there is none such."""
    row = (await tx.execute(select(bulletin).where(bulletin.c.id == bulletin_id))).first()
    if row is None:
        return None
    rows = (await tx.execute(_tally(_bulletin(row)))).all()
    stopped = row.stopped_at is not None
    totals = {"accepted": 0, "waiting": 0, "in_doubt": 0, "quiet": 0}
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
        elif reason == QUIET and state is State.WAITING:
            totals["quiet"] += count
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
        starts_at=row.not_before,
        within={seconds: sum(counts) for seconds, counts in soon},
    )


def _tally(told: Bulletin) -> Any:
    accepted: Any
    if told.kind is BulletinKind.NEW:
        of_it = _deliveries(told.article_id) & (delivery.c.bulletin_id == told.id)
        accepted = delivery.c.accepted_at.is_not(None)
    else:
        of_it = _deliveries(told.article_id) & delivery.c.shown.is_not(None)
        accepted = delivery.c.state == State.DONE
    columns = (delivery.c.state, delivery.c.reason, accepted)
    start = max(told.created_at, told.not_before or told.created_at)
    soon = [
        func.count(case((delivery.c.accepted_at <= start + timedelta(seconds=seconds), 1)))
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
        audience=audience_of(row.told_to, everybody=row.everybody, holders_only=row.holders_only),
        not_before=row.not_before,
        reply_to=row.reply_to,
        languages=row.languages or ANY,
        bot_id=row.bot_id,
        created_at=row.created_at,
        ceiling=row.ceiling,
        cursor=row.cursor,
        deliveries=row.deliveries,
        planned_at=row.planned_at,
        stopped_at=row.stopped_at,
        paused_at=row.paused_at,
    )
