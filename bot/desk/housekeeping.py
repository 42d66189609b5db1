"""Keeps the database from growing for ever, and never in the way of what is being sent."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from datetime import datetime, timedelta

from bot.metrics import PRUNED
from bot.model.delivery import SubjectKind
from bot.store import paid, pruning, told
from bot.store.database import Database, reads, writes

AT_ONCE, SUBJECTS_AT_ONCE = 500, 100
"""Rows of one transaction: a few milliseconds' worth."""

REST_SECONDS = 0.05
"""Between two transactions, so that the one writer is mostly free for results and claims."""

PAGES_AT_ONCE = 256
TOLD_DAYS, PAID_DAYS, AUDIT_DAYS = 30, 100, 730

_old_articles = reads(pruning.old_articles)
_old_digests = reads(pruning.old_digests)
_drop_deliveries = writes(pruning.drop_deliveries)
_forget_article = writes(pruning.forget_article)
_forget_digest = writes(pruning.forget_digest)
_drop_some = writes(pruning.drop_some)
_drop_audit = writes(pruning.drop_audit)
_forget_told = writes(told.forget)
_forget_paid = writes(paid.forget)
_shrink = writes(pruning.shrink)


async def clean_up(db: Database, now: datetime, ledger_days: int) -> None:
    """Drop what is older than it need be kept, and let the file shrink."""
    before = now - timedelta(days=ledger_days)
    await _prune(db, SubjectKind.ARTICLE, _old_articles, lambda one: _forget_article(db, one, before), before)
    await _prune(db, SubjectKind.DIGEST, _old_digests, lambda one: _forget_digest(db, one), before)
    await _all(lambda: _drop_some(db, before, AT_ONCE), "other")
    await _all(lambda: _drop_audit(db, now - timedelta(days=AUDIT_DAYS), AT_ONCE), "audit")
    await _forget_told(db, now - timedelta(days=TOLD_DAYS))
    await _forget_paid(db, now - timedelta(days=PAID_DAYS))
    await _all(lambda: _shrink(db, PAGES_AT_ONCE), "page")


async def _prune(
    db: Database,
    kind: SubjectKind,
    listing: Callable[[Database, datetime, int, int], Awaitable[list[int]]],
    forget: Callable[[int], Awaitable[None]],
    before: datetime,
) -> None:
    last = 0
    while subjects := await listing(db, before, last, SUBJECTS_AT_ONCE):
        for subject_id in subjects:
            await _all(lambda one=subject_id: _drop_deliveries(db, kind, one, AT_ONCE), "delivery")  # type: ignore[misc]
            await forget(subject_id)
            last = subject_id
        await asyncio.sleep(REST_SECONDS)


async def _all(drop: Callable[[], Awaitable[int]], table: str) -> None:
    """Drop some, and some more, until there are none."""
    while dropped := await drop():
        PRUNED.labels(table).inc(dropped)
        await asyncio.sleep(REST_SECONDS)
