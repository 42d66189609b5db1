"""How fast a million deliveries are planned, and how long that holds the ledger up, while sends go on."""

from __future__ import annotations

import asyncio
import tempfile
import time
from pathlib import Path
from typing import Any

from sqlalchemy import event

from bench.support.figures import Figure
from bench.support.world import mock, newsroom, planned, running, tell
from bot.store.engine.database import Database

CHATS, RATE = 1_000_000, 300
MOST_SECONDS, LONGEST_TRANSACTION = 2.0, 0.1


class Transactions:
    """The longest time for which the only writer was taken."""

    def __init__(self, db: Database) -> None:
        self.longest = 0.0
        self._began = 0.0
        event.listen(db.writer.sync_engine.pool, "checkout", self._begin)
        event.listen(db.writer.sync_engine.pool, "checkin", self._end)

    def _begin(self, *_: Any) -> None:
        self._began = time.perf_counter()

    def _end(self, *_: Any) -> None:
        self.longest = max(self.longest, time.perf_counter() - self._began)


async def measure() -> list[Figure]:
    """Let a first story go out to all, and time the planning of a second one."""
    with tempfile.TemporaryDirectory() as name, mock(0.04) as server:
        folder = Path(name)
        async with newsroom(folder, CHATS) as db:
            transactions = Transactions(db)
            async with running(db, folder, server, global_rate=RATE) as app:
                await planned(db, await tell(db, app, "first"))
                await server.until(RATE)
                before, transactions.longest = server.counts_of("sendMessage"), 0.0
                began = time.perf_counter()
                bulletin_id = await tell(db, app, "second")
                await planned(db, bulletin_id)
                seconds = time.perf_counter() - began
                await asyncio.sleep(1)
                sent = (server.counts_of("sendMessage") - before) / (time.perf_counter() - began)
    return [
        Figure(
            f"{CHATS:,} deliveries planned while {RATE}/s go out",
            f"{seconds:.2f} s",
            aim=f"{MOST_SECONDS:g} s",
            met=seconds <= MOST_SECONDS,
        ),
        Figure(
            "the longest transaction meanwhile",
            f"{transactions.longest * 1000:.0f} ms; {sent:.0f}/s went on",
            aim=f"{LONGEST_TRANSACTION * 1000:.0f} ms",
            met=transactions.longest <= LONGEST_TRANSACTION,
        ),
    ]
