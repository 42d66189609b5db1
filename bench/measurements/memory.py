"""How much more memory a hundred times as many chats take."""

from __future__ import annotations

import asyncio
import json
import resource
import subprocess
import sys
import tempfile
from pathlib import Path

import uvloop

from bench.support.cores import pin
from bench.support.figures import Figure
from bench.support.world import mock, newsroom, planned, running, tell

FEW, MANY, SENT = 10_000, 1_000_000, 40_000
MOST_MIB = 50


async def measure() -> list[Figure]:
    """Run the bot once on each number of chats, each in a process of its own, and compare their peaks."""
    few, many = [await asyncio.to_thread(_peak, chats) for chats in (FEW, MANY)]
    return [
        Figure(
            f"peak memory, {FEW:,} -> {MANY:,} chats (all planned, {SENT:,} sent)",
            f"{few:.0f} -> {many:.0f} MiB: {many - few:+.0f}",
            aim=f"+{MOST_MIB} MiB",
            met=many - few <= MOST_MIB,
        )
    ]


def _peak(chats: int) -> float:
    command = [sys.executable, "-m", "bench.measurements.memory", str(chats)]
    ended = subprocess.run(command, capture_output=True, text=True, check=True)
    return float(json.loads(ended.stdout))


async def _run(chats: int) -> None:
    with tempfile.TemporaryDirectory() as name, mock() as server:
        folder = Path(name)
        async with newsroom(folder, chats) as db, running(db, folder, server) as app:
            await planned(db, await tell(db, app))
            await server.until(min(chats, SENT))


if __name__ == "__main__":
    pin()
    uvloop.run(_run(int(sys.argv[1])))
    print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024)
