"""Housekeeping: deletes old rows a few at a time, so that deliveries never wait for it."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from datetime import datetime, timedelta

from bot.metrics import PRUNED
from bot.model.delivery import Subject, SubjectKind
from bot.store.audience import shared
from bot.store.audience.places import footers
from bot.store.audience.places import notices as chat_notices
from bot.store.desk.live import notices, shown
from bot.store.engine.database import Database, Transaction
from bot.store.following import mutes
from bot.store.operations import inbox, paid_usage, pruning, unread
from bot.store.operations.troubles import known, told
from bot.store.watch import alerts, stories

AT_ONCE, SUBJECTS_AT_ONCE = 500, 100
"""How many rows, and how many articles or digests, one transaction deletes: a few milliseconds' work."""

REST_SECONDS = 0.05
"""The rest between two transactions, so that the one writer is mostly free for results and claims."""

PAGES_AT_ONCE = 256
"""How many free pages of the SQLite file one transaction gives back to the disk."""

CARD_DAYS, NOTICE_DAYS = 3, 2
"""How long a story's card is kept up to date where nothing goes out, and how long a notice is kept."""

TOLD_DAYS, PAID_DAYS, KEY_DAYS, SHARED_DAYS = 30, 100, 30, 7
"""How long these are kept: alerts, what was paid for, keys by which stories are found again, and shared ones."""

REPEATED, UNREAD_DAYS = timedelta(hours=26), 14
"""For how long Telegram may send an update again (a day, and clocks differ), and how long unread ones are kept."""


async def clean_up(db: Database, now: datetime, ledger_days: int) -> None:
    """Delete deliveries and bulletins older than `ledger_days`, other old rows, and let the file shrink."""
    before = now - timedelta(days=ledger_days)
    await _prune_articles(db, before)
    await _prune_digests(db, before)
    await _drop_all(db, "other", lambda tx: pruning.drop_some(tx, before, AT_ONCE))
    keys = now - timedelta(days=KEY_DAYS)
    await _drop_all(db, "key", lambda tx: pruning.drop_keys(tx, keys, AT_ONCE))
    await _drop_all(db, "mute", lambda tx: mutes.drop_lapsed(tx, now, AT_ONCE))
    shared_before = now - timedelta(days=SHARED_DAYS)
    await _drop_all(db, "shared", lambda tx: shared.forget(tx, shared_before, AT_ONCE))
    await _drop_all(db, "followed", lambda tx: stories.drop_ended(tx, now, AT_ONCE))
    await _drop_all(db, "condition", lambda tx: alerts.drop_unused(tx, AT_ONCE))
    async with db.write() as tx:
        await told.forget(tx, now - timedelta(days=TOLD_DAYS))
        await known.forget(tx, now - timedelta(days=NOTICE_DAYS))
        await paid_usage.forget(tx, now - timedelta(days=PAID_DAYS))
        await shown.forget(tx, now - timedelta(days=CARD_DAYS))
        await notices.forget(tx, now - timedelta(days=NOTICE_DAYS))
        await unread.forget(tx, now - timedelta(days=UNREAD_DAYS))
        await chat_notices.forget(tx, now - timedelta(days=TOLD_DAYS))
    await _drop_all(db, "update", lambda tx: inbox.drop_old(tx, now - REPEATED, AT_ONCE))
    await _drop_all(db, "footer", lambda tx: footers.drop_unused(tx, AT_ONCE))
    await _drop_all(db, "page", lambda tx: pruning.shrink(tx, PAGES_AT_ONCE))


async def _prune_articles(db: Database, before: datetime) -> None:
    last = 0
    while True:
        async with db.read() as tx:
            ids = await pruning.old_articles(tx, before, last, SUBJECTS_AT_ONCE)
        if not ids:
            return
        for last in ids:
            await _drop_deliveries(db, Subject(SubjectKind.ARTICLE, last))
            async with db.write() as tx:
                await pruning.forget_article(tx, last, before)
        await asyncio.sleep(REST_SECONDS)


async def _prune_digests(db: Database, before: datetime) -> None:
    last = 0
    while True:
        async with db.read() as tx:
            ids = await pruning.old_digests(tx, before, last, SUBJECTS_AT_ONCE)
        if not ids:
            return
        for last in ids:
            await _drop_deliveries(db, Subject(SubjectKind.DIGEST, last))
            async with db.write() as tx:
                await pruning.forget_digest(tx, last)
        await asyncio.sleep(REST_SECONDS)


async def _drop_deliveries(db: Database, subject: Subject) -> None:
    await _drop_all(db, "delivery", lambda tx: pruning.drop_deliveries(tx, *subject, AT_ONCE))


async def _drop_all(db: Database, table: str, drop: Callable[[Transaction], Awaitable[int]]) -> None:
    """Call `drop` until it has nothing left to delete; `table` names the rows at /metrics."""
    while True:
        async with db.write() as tx:
            dropped = await drop(tx)
        if not dropped:
            return
        PRUNED.labels(table).inc(dropped)
        await asyncio.sleep(REST_SECONDS)
