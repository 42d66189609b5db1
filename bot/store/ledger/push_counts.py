"""What became of each bulletin, counted from its deliveries while they are kept, and kept for good."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from datetime import datetime
from typing import Any

from sqlalchemy import (
    BigInteger,
    Row,
    Select,
    case,
    delete,
    func,
    insert,
    literal,
    null,
    select,
    type_coerce,
    update,
)

from bot.model.bulletin import Bulletin, BulletinKind
from bot.model.delivery import Lane, State, SubjectKind
from bot.model.figures.counts import SOON_SECONDS, PushCount, tenths_of
from bot.store.engine.database import Transaction
from bot.store.engine.types import to_millis
from bot.store.engine.upsert import upsert
from bot.store.ledger import bulletins
from bot.store.tables.figures import push_count, push_failure
from bot.store.tables.ledger import bulletin, delivery
from bot.store.tables.operations import bot

MINUTE = 60_000

FINENESS = ((MINUTE, 100), (60 * MINUTE, 1_000))
"""Within so many milliseconds times are told apart by so many; what is later, by minutes. A push of a million
then makes some thousand groups, however long it takes."""

_FIELDS = ("planned", "accepted", "waiting", "later", "in_doubt")


async def due(tx: Transaction, now: datetime, limit: int) -> list[int]:
    """Return bulletins whose figures are to be counted now, the longest due first."""
    waiting = select(bulletin.c.id).where(bulletin.c.count_at.is_not(None), bulletin.c.count_at <= now)
    return list((await tx.execute(waiting.order_by(bulletin.c.count_at).limit(limit))).scalars())


async def uncounted(tx: Transaction, article_id: int) -> list[int]:
    """Return the bulletins of a story of which more may become than was counted, oldest first."""
    of_it = (bulletin.c.article_id == article_id, bulletin.c.count_at.is_not(None))
    return list((await tx.execute(select(bulletin.c.id).where(*of_it).order_by(bulletin.c.id))).scalars())


async def count(tx: Transaction, bulletin_id: int) -> PushCount | None:
    """Count what became of a bulletin so far; None where it is not kept any more."""
    told = await bulletins.get(tx, bulletin_id)
    if told is None:
        return None
    return _counted(told, (await tx.execute(_tally(told))).all())


async def keep(tx: Transaction, one: PushCount, again_at: datetime | None) -> None:
    """Keep the count in place of the one before; it is made anew at `again_at`, None: never."""
    values = {
        "bulletin_id": one.bulletin_id,
        "article_id": one.article_id,
        "kind": one.kind,
        "flash": one.flash,
        "started_at": one.started_at,
        **{name: getattr(one, name) for name in _FIELDS},
        "skipped": dict(one.skipped),
        "tenths": list(one.tenths),
        "half_ms": _millis(one.half_seconds),
        "most_ms": _millis(one.most_seconds),
        "within": {str(seconds): number for seconds, number in one.within.items()},
    }
    new = upsert(tx, push_count).values(values)
    await tx.execute(new.on_conflict_do_update(index_elements=["bulletin_id"], set_=values))
    await tx.execute(delete(push_failure).where(push_failure.c.bulletin_id == one.bulletin_id))
    failures = [
        {"bulletin_id": one.bulletin_id, "reason": reason, "number": number}
        for reason, number in one.failed.items()
    ]
    if failures:
        await tx.execute(insert(push_failure), failures)
    await tx.execute(update(bulletin).where(bulletin.c.id == one.bulletin_id).values(count_at=again_at))


async def of_article(tx: Transaction, article_id: int) -> list[PushCount]:
    """Return what is kept of a story's bulletins, oldest first."""
    of_it = select(push_count).where(push_count.c.article_id == article_id)
    rows = (await tx.execute(of_it.order_by(push_count.c.bulletin_id))).all()
    failed: dict[int, dict[str, int]] = {row.bulletin_id: {} for row in rows}
    found = select(push_failure).where(push_failure.c.bulletin_id.in_(list(failed)))
    for each in await tx.execute(found.order_by(push_failure.c.number.desc())):
        failed[each.bulletin_id][each.reason] = each.number
    return [_kept(row, failed[row.bulletin_id]) for row in rows]


async def standing(tx: Transaction, article_id: int) -> int | None:
    """Return in how many chats the story stands; None where the ledger knows of none that it was meant for."""
    shown = func.count(case((delivery.c.shown > 0, 1)))
    row = (await tx.execute(select(func.count(), shown).where(_of_it(article_id)))).one()
    return int(row[1]) if row[0] else None


def _tally(told: Bulletin) -> Select[Any]:
    of_it = _of_it(told.article_id)
    accepted: Any
    millis: Any
    if told.kind is BulletinKind.NEW:
        of_it &= delivery.c.bulletin_id == told.id
        accepted = delivery.c.accepted_at.is_not(None)
        due_at = type_coerce(delivery.c.due_at, BigInteger)
        start = to_millis(_start(told))
        took = type_coerce(delivery.c.accepted_at, BigInteger) - start
        # Quiet hours end on a whole minute; whatever else puts a delivery off ends at no such moment.
        chosen = (due_at > start) & (due_at % MINUTE == 0)
        millis = case((accepted & chosen, literal(-1, BigInteger)), else_=_coarse(took))
    else:
        of_it &= delivery.c.shown.is_not(None)
        accepted = delivery.c.state == State.DONE
        millis = null()
    columns = (delivery.c.state, delivery.c.reason, accepted.label("accepted"), millis.label("millis"))
    inner = select(*columns).where(of_it).subquery()
    return select(*inner.c, func.count().label("number")).group_by(*inner.c)


def _of_it(article_id: int) -> Any:
    # Naming the bots lets the primary key serve.
    bots = delivery.c.bot_id.in_(select(bot.c.id))
    return bots & (delivery.c.kind == SubjectKind.ARTICLE) & (delivery.c.subject_id == article_id)


def _coarse(took: Any) -> Any:
    return case(
        (took < 0, literal(0, BigInteger)),
        *((took < until, took - took % step) for until, step in FINENESS),
        else_=took - took % MINUTE,
    )


def _start(told: Bulletin) -> datetime:
    return told.not_before or told.created_at


def _counted(told: Bulletin, rows: Iterable[Row[Any]]) -> PushCount:
    totals: Counter[str] = Counter()
    failed: Counter[str] = Counter()
    skipped: Counter[str] = Counter()
    times: Counter[int] = Counter()
    for row in rows:
        totals["planned"] += row.number
        if row.accepted:
            totals["accepted"] += row.number
            if row.millis == -1:
                totals["later"] += row.number
            elif row.millis is not None:
                times[row.millis] += row.number
        elif row.state is State.DOUBT:
            totals["in_doubt"] += row.number
        elif row.state is State.FAILED:
            failed[row.reason or ""] += row.number
        elif row.state is State.SKIPPED or told.stopped_at is not None:
            skipped[row.reason or bulletins.STOPPED] += row.number
        else:
            totals["waiting"] += row.number
    within = {
        seconds: sum(number for millis, number in times.items() if millis <= seconds * 1000)
        for seconds in SOON_SECONDS
    }
    return PushCount(
        told.id,
        told.article_id,
        told.kind,
        told.lane is Lane.FLASH,
        _start(told),
        **{name: totals[name] for name in _FIELDS},
        failed=failed,
        skipped=skipped,
        tenths=tenths_of(times),
        within=within,
    )


def _millis(seconds: float | None) -> int | None:
    return None if seconds is None else round(seconds * 1000)


def _kept(row: Row[Any], failed: dict[str, int]) -> PushCount:
    return PushCount(
        row.bulletin_id,
        row.article_id,
        row.kind,
        row.flash,
        row.started_at,
        **{name: getattr(row, name) for name in _FIELDS},
        failed=failed,
        skipped=row.skipped,
        tenths=row.tenths,
        within={int(seconds): number for seconds, number in row.within.items()},
    )
