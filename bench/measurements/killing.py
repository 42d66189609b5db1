"""What kill -9 costs: fifty deaths at random instants of a push, and who missed or got what twice."""

from __future__ import annotations

import tempfile
import time
from pathlib import Path

from bench.support.figures import Figure
from tests.support.deaths import push_under_kills

CHATS, KILLS, RATE = 5_000, 50, 1_000


async def measure() -> list[Figure]:
    """Push to 5,000 chats, with two corrections and a kill under way."""
    began = time.monotonic()
    with tempfile.TemporaryDirectory() as folder:
        found = await push_under_kills(Path(folder), count=CHATS, kills=KILLS, rate=RATE)
    said = f"{found.kills} kills of a push to {found.chats:,} chats at {RATE:,}/s"
    return [
        Figure(f"{said}: missed", f"{found.missed}", "", "0", found.missed == 0),
        Figure(
            "damaged, asked of SQLite after each kill", f"{len(found.damage)}", "", "0", met=not found.damage
        ),
        Figure(
            "sent twice: what was on its way or not written down at a kill",
            f"{found.repeated} of {found.calls['sendMessage']:,} sends",
            f"{found.allowed} were",
            "no more",
            found.repeated <= found.allowed,
        ),
        Figure(
            "calls: sends, edits, deletions",
            ", ".join(
                f"{found.calls[name]:,}" for name in ("sendMessage", "editMessageText", "deleteMessage")
            ),
            f"{time.monotonic() - began:.0f} s",
        ),
    ]
