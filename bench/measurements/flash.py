"""How soon a flash is out after its button was pressed, with a million digests waiting."""

from __future__ import annotations

import asyncio
import re
import tempfile
from pathlib import Path
from typing import Any

from bench.support.editor import press, text
from bench.support.figures import Figure
from bench.support.news import FLASH
from bench.support.world import Mock, fill_with_digests, mock, newsroom, running

CHATS = 1_000_000
HAPPENED = (
    "the bridge is open",
    "a river leaves its banks",
    "trains stand still in the north",
    "the mayor resigns at noon",
    "no water in the old town",
)
"""One flash each: the bot asks again before it sends what was sent a moment ago."""

LONGEST = 0.1
DIGESTS_FIRST = 5
"""Seconds for which digests go out before the first flash, so that it has something to overtake."""

BEFORE_PRESS = 1
"""Seconds that an editor looks at the card."""

AFTER_STOP = 8
"""Seconds until nothing of a stopped flash goes out any more."""


async def measure() -> list[Figure]:
    """Send flashes as an editor does, one after the other, each stopped once its first call is seen."""
    waits = []
    with tempfile.TemporaryDirectory() as name, mock(0.04) as server:
        folder = Path(name)
        options: dict[str, Any] = {"global_rate": 30, "chat_rate": 1, "group_rate": 20}
        async with newsroom(folder, CHATS) as db:
            await fill_with_digests(db, CHATS)
            async with running(db, folder, server, **options):
                await asyncio.sleep(DIGESTS_FIRST)
                for what in HAPPENED:
                    waits.append(await _flash(server, what))
    waits.sort()
    return [
        Figure(
            f"from a flash's button to its first call, {CHATS:,} digests waiting",
            f"{waits[len(waits) // 2] * 1000:.0f} ms, at most {waits[-1] * 1000:.0f} ms of {len(waits)}",
            aim=f"{LONGEST * 1000:.0f} ms",
            met=waits[-1] <= LONGEST,
        )
    ]


async def _flash(server: Mock, what: str) -> float:
    await asyncio.to_thread(server.reset)
    server.push(text(f"/breaking {FLASH.decode()}: {what}"))
    card = await _card(server)
    # Nobody presses a button in the instant in which the card appears, while its message is still being answered.
    await asyncio.sleep(BEFORE_PRESS)
    at = server.push(press(f"flash:sure:{card}"))
    async with asyncio.timeout(30):
        while (first := server.counts()["first"].get("flash")) is None:
            await asyncio.sleep(0.05)
    server.push(press(f"flash:stop:{card}"))
    # The editor's chat takes a message a second: the next card is shown when the pages before it are.
    await asyncio.sleep(AFTER_STOP)
    return float(first) - at


async def _card(server: Mock) -> str:
    """Return the number of the card that the bot has answered with."""
    async with asyncio.timeout(30):
        while True:
            for body in server.said():
                if found := re.search(r"flash(?::|%3A)send(?::|%3A)(\d+)", body):
                    return found[1]
            await asyncio.sleep(0.05)
