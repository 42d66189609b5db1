"""What a delivery costs while the ledger grows from 10,000 to 3,000,000 rows, on SQLite and on PostgreSQL."""

from __future__ import annotations

import asyncio
import tempfile
from contextlib import nullcontext
from datetime import timedelta
from pathlib import Path

from bench.support.figures import Figure
from bench.support.old_news import fill_with_old_news
from bench.support.postgres import postgres
from bench.support.stopwatch import Stopwatch
from bench.support.world import checkpoint, mock, newsroom, running, settled, tell
from bot.model.clock import Clock

SIZES = (10_000, 100_000, 1_000_000, 3_000_000)
CHATS = 10_000
ROUNDS = 3


async def measure() -> list[Figure]:
    """Send the same story to the same chats beside ever more old deliveries."""
    figures = []
    for kind in ("SQLite", "PostgreSQL"):
        baseline = ""
        for size in SIZES:
            read = await _at(size, kind)
            said = f"{read['rate']:,.0f}/s, {read['cpu']:.0f} µs of the bot's core each"
            figures.append(Figure(f"sending, {kind}, {size:,} old deliveries in the ledger", said, baseline))
            baseline = baseline or said
    return figures


async def _at(size: int, kind: str) -> dict[str, float]:
    """Return the best of some stories that are sent to all chats."""
    with tempfile.TemporaryDirectory() as name, mock() as server:
        folder = Path(name)
        with nullcontext(None) if kind == "SQLite" else postgres(folder) as url:
            async with newsroom(folder, CHATS, url) as db:
                newest, stories = Clock().now() - timedelta(hours=1), size // CHATS
                await fill_with_old_news(db, stories, CHATS, newest=newest, apart=timedelta(minutes=5))
                await checkpoint(db)
                async with running(db, folder, server) as app:
                    rounds = []
                    for number in range(1, ROUNDS + 1):
                        watch = Stopwatch()
                        bulletin_id = await tell(db, app, f"growth {number}")
                        await server.until(number * CHATS)
                        await settled(db, bulletin_id, CHATS)
                        rounds.append(watch.read(CHATS))
                        await asyncio.sleep(1)
    return min(rounds, key=lambda one: one["cpu"])
