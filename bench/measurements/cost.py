"""What the highest rate that Telegram sells costs: processor time of the whole bot at 1,000 calls a second."""

from __future__ import annotations

import asyncio
import tempfile
from pathlib import Path
from typing import Any

from bench.support.figures import Figure
from bench.support.stopwatch import Stopwatch
from bench.support.world import mock, newsroom, running, tell

RATE, LATENCY = 1000, 0.04
SETTLING_IN, SECONDS = 3, 20
MOST_SHARE = 0.10


async def measure() -> list[Figure]:
    """Let the bot send at the rate for a while, and read the clock of its process."""
    chats = RATE * (SETTLING_IN + SECONDS + 4)
    with tempfile.TemporaryDirectory() as name, mock(LATENCY, rate=RATE) as server:
        folder = Path(name)
        options: dict[str, Any] = {"global_rate": RATE, "chat_rate": 1, "chat_burst": 1, "group_rate": 20}
        async with newsroom(folder, chats) as db, running(db, folder, server, **options) as app:
            await tell(db, app)
            await server.until(RATE * SETTLING_IN)
            before, watch = server.counts_of("sendMessage"), Stopwatch()
            await asyncio.sleep(SECONDS)
            passed = server.counts_of("sendMessage") - before
            read = watch.read(passed)
            refused = server.counts_of("429")
    share = read["cpu"] * read["rate"] / 1e6
    return [
        Figure(
            f"a core's share at {RATE:,}/s, {LATENCY * 1000:.0f} ms",
            f"{share:.1%} ({read['cpu']:.0f} µs each)",
            aim=f"{MOST_SHARE:.0%}",
            met=share <= MOST_SHARE,
        ),
        Figure(
            f"reached of a strict {RATE:,}/s, {LATENCY * 1000:.0f} ms",
            f"{read['rate']:,.0f}/s, {refused} refused",
            aim=".97, none refused",
            met=read["rate"] >= 0.97 * RATE and not refused,
        ),
    ]
