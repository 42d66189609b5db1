"""Eight hours of a newsroom's day in twenty minutes: what memory and files do, and whether all was told and answered.

The ledger is as full at the beginning as at the end: what was told two days ago is dropped as the day goes on.
"""

from __future__ import annotations

import asyncio
import logging
import os
import tempfile
from collections import Counter
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from sqlalchemy import text

from bench.support.day import FastClock, Readers, WireFile
from bench.support.figures import Figure
from bench.support.old_news import fill_with_old_news
from bench.support.world import Mock, checkpoint, mock, newsroom, running, tell
from bot.app import App
from bot.desk import amend
from bot.model.clock import Clock
from bot.model.delivery import State
from bot.operations.housekeeping import clean_up
from bot.store.audience import choices
from bot.store.engine.database import Database

HOURS, MINUTES, CHATS = 8, 20.0, 1_000
"""Hours of the day, the minutes that they take, and the chats."""

STORIES, ASKED = 300, 4_000
"""How many stories come in, and how often readers ask, in that day."""

LEDGER_DAYS, RATE = 2, 1_000
MOST_MIB, MOST_SHARE = 15, 0.05
"""What may be added from the second hour on: to the memory, in MiB, and to the database, as a share of it."""


@dataclass(frozen=True, slots=True)
class _Sample:
    memory: float
    file: float
    log: float


async def measure() -> list[Figure]:
    """Play the day, and look at memory and files each quarter of an hour."""
    log = _Log()
    with tempfile.TemporaryDirectory() as name, mock(0.02) as server:
        folder = Path(name)
        async with newsroom(folder, CHATS) as db:
            begins = Clock().now()
            apart = timedelta(hours=HOURS) / STORIES
            many = int(timedelta(days=LEDGER_DAYS) / apart)
            await fill_with_old_news(db, many, CHATS, newest=begins - apart, apart=apart)
            await _digests_at(db, begins)
            await checkpoint(db)
            logging.getLogger("bot").addHandler(log)
            samples, told = await _day(db, folder, server, begins)
            left, unheard = await _count(db, _OPEN), await _count(db, _UNHEARD)
    first, last = samples[len(samples) // HOURS], samples[-1]
    grown, share = last.memory - first.memory, last.file / first.file - 1
    most = max(samples, key=lambda one: one.memory).memory
    return [
        Figure(
            f"{HOURS} hours in {MINUTES:g} minutes: memory after the first hour -> at the end",
            f"{first.memory:.0f} -> {last.memory:.0f} MiB, at most {most:.0f}",
            aim=f"+{MOST_MIB} MiB",
            met=grown <= MOST_MIB,
        ),
        Figure(
            "the same: database, and the most that waited in its log",
            f"{first.file:.0f} -> {last.file:.0f} MiB, {max(one.log for one in samples):.0f} MiB",
            aim=f"+{MOST_SHARE:.0%}",
            met=share <= MOST_SHARE,
        ),
        Figure(
            "the same: stories told, messages sent, changed and withdrawn; deliveries left open",
            told + f"; {left}",
            aim="none open",
            met=not left,
        ),
        Figure(
            f"the same: of about {ASKED:,} questions of readers, without an answer",
            f"{unheard}",
            aim="0",
            met=not unheard,
        ),
        Figure(
            "the same: warnings and errors in the log",
            ", ".join(f"{count} {name}" for name, count in log.seen.most_common(5)) or "none",
            aim="none",
            met=not log.seen,
        ),
    ]


async def _day(db: Database, folder: Path, server: Mock, begins: datetime) -> tuple[list[_Sample], str]:
    speed = HOURS * 60 / MINUTES
    clock, wire = FastClock(begins, speed), WireFile(folder / "wire.rss")
    options: dict[str, Any] = {
        "global_rate": RATE,
        "chat_rate": 20,
        "chat_burst": 20,
        "ledger_days": LEDGER_DAYS,
    }
    samples: list[_Sample] = []
    async with running(
        db, folder, server, clock=clock, feeds=wire.feed, feed_min_interval=1, **options
    ) as app:
        tasks = [
            asyncio.create_task(each)
            for each in (
                _stories(wire, clock),
                _editors(db, app, clock),
                _readers(server),
                _hourly(db, clock),
            )
        ]
        for _ in range(HOURS * 4):
            await asyncio.sleep(MINUTES * 60 / HOURS / 4)
            samples.append(_sample(db))
        for each in tasks:
            each.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        await _settle(db)
        counts = server.counts()
    methods = ("sendMessage", "sendRichMessage", "editMessageText", "deleteMessage")
    told = f"{wire.told} of the wire; " + ", ".join(f"{counts.get(each, 0):,} {each}" for each in methods)
    return samples, told


async def _stories(wire: WireFile, clock: Clock) -> None:
    """Tell a story again and again, and mend each tenth a while later."""
    while True:
        await asyncio.sleep(MINUTES * 60 / STORIES)
        wire.tell(clock.now())
        if wire.told % 10 == 5:
            wire.correct(3)


async def _editors(db: Database, app: App, clock: Clock) -> None:
    """Each half-hour a story of the desk's own, and each hour one of these is taken back."""
    number = 0
    while True:
        await asyncio.sleep(MINUTES * 60 / HOURS / 2)
        number += 1
        bulletin_id = await tell(db, app, f"desk {number}", at=clock.now())
        if number % 2 == 0:
            async with db.read() as tx:
                statement = text("SELECT article_id FROM bulletin WHERE id = :id")
                story = (await tx.execute(statement, {"id": bulletin_id})).scalar_one()
            await asyncio.sleep(MINUTES * 60 / HOURS / 10)
            await amend.kill(db, story, clock.now(), reason="Ошибка в сообщении")
            app.services.bell.ring()


async def _readers(server: Mock) -> None:
    readers = Readers(CHATS)
    while True:
        await asyncio.sleep(MINUTES * 60 / ASKED)
        await asyncio.to_thread(server.push, readers.ask())


async def _hourly(db: Database, clock: Clock) -> None:
    """Clean up as the schedule does, by the hours of the day that is played."""
    while True:
        await asyncio.sleep(MINUTES * 60 / HOURS)
        await clean_up(db, clock.now(), LEDGER_DAYS)


async def _digests_at(db: Database, begins: datetime) -> None:
    """Give one chat in five a digest within the day."""
    for chat_id in range(1, CHATS + 1, 5):
        hour = (begins + timedelta(hours=3 + chat_id % HOURS)).time().replace(second=0, microsecond=0)
        async with db.write() as tx:
            await choices.change(tx, chat_id, begins, digest_at=(hour,))


_OPEN = (
    f"SELECT count(*) FROM delivery WHERE state IN ({State.WAITING:d}, {State.CLAIMED:d}, {State.DOUBT:d})"
)
_UNHEARD = "SELECT count(*) FROM inbox WHERE NOT handled"


async def _count(db: Database, statement: str) -> int:
    async with db.read() as tx:
        return int((await tx.execute(text(statement))).scalar_one())


async def _settle(db: Database) -> None:
    """Wait for what is on its way, a minute at most."""
    for _ in range(60):
        if not await _count(db, _OPEN) and not await _count(db, _UNHEARD):
            return
        await asyncio.sleep(1)


def _sample(db: Database) -> _Sample:
    assert db.file is not None
    pages = int(Path("/proc/self/statm").read_text().split()[1])
    beside = db.file.with_name(f"{db.file.name}-wal")
    mib = 1024 * 1024
    return _Sample(
        pages * os.sysconf("SC_PAGE_SIZE") / mib,
        db.file.stat().st_size / mib,
        beside.stat().st_size / mib if beside.exists() else 0.0,
    )


class _Log(logging.Handler):
    """Counts what the bot warns of."""

    def __init__(self) -> None:
        super().__init__(logging.WARNING)
        self.seen: Counter[str] = Counter()

    def emit(self, record: logging.LogRecord) -> None:
        """Count a line by its event."""
        self.seen[getattr(record.msg, "name", None) or str(record.msg)[:60]] += 1
