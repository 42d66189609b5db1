"""How soon the demo is there: its address, and the bot's first answer, at a second start."""

from __future__ import annotations

import asyncio
import os
import signal
import sys
import tempfile
import time
from pathlib import Path

from bench.support.figures import Figure

ROOT = Path(__file__).parents[2]
STARTS = 3
WORKS = "The bot is working"


async def measure() -> list[Figure]:
    """Start the demo some times and return the best of each figure."""
    # The demo is to have all cores, as on anybody's machine.
    if hasattr(os, "sched_setaffinity"):
        os.sched_setaffinity(0, range(os.cpu_count() or 1))
    with tempfile.TemporaryDirectory() as folder:
        found = [await _start(folder) for _ in range(STARTS)]
    address, working, ending = (min(each) for each in zip(*found, strict=True))
    return [
        Figure("the demo's address is shown", f"{address:.2f} s", aim="at most 1 s", met=address <= 1),
        Figure("its bot answers", f"{working:.1f} s", aim="at most 4 s", met=working <= 4),
        Figure("Ctrl-C has ended it all", f"{ending:.1f} s"),
    ]


async def _start(folder: str) -> tuple[float, float, float]:
    began = time.monotonic()
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        *("-m", "bot", "demo", "--port", "0", "--language", "en", "--folder", folder),
        cwd=ROOT,
        stdin=asyncio.subprocess.DEVNULL,
        stdout=asyncio.subprocess.PIPE,
    )
    assert process.stdout is not None
    await process.stdout.readline()
    address = time.monotonic() - began
    while WORKS not in (await process.stdout.readline()).decode():
        pass
    working = time.monotonic() - began
    process.send_signal(signal.SIGINT)
    await process.communicate()
    return address, working, time.monotonic() - began - working
