"""How soon a flash is out after its button was pressed, with a million digests waiting."""

from __future__ import annotations

import asyncio
import itertools
import re
import tempfile
import time
from pathlib import Path
from typing import Any

from bench.figures import Figure
from bench.news import FLASH, OWNER
from bench.world import Mock, fill_with_digests, mock, newsroom, running

CHATS, TIMES = 1_000_000, 5
LONGEST = 0.1
DIGESTS_FIRST = 5
"""Seconds for which digests go out before the first flash, so that it has something to overtake."""

_numbers = itertools.count(1)


async def measure() -> list[Figure]:
    """Send flashes as an editor does, one after the other, each stopped once its first call is seen."""
    waits = []
    with tempfile.TemporaryDirectory() as name, mock(0.04) as server:
        folder = Path(name)
        options = {"global_rate": 30, "chat_rate": 1, "group_rate": 20}
        async with newsroom(folder, CHATS) as db:
            await fill_with_digests(db, CHATS)
            async with running(db, folder, server, **options):
                await asyncio.sleep(DIGESTS_FIRST)
                for number in range(TIMES):
                    waits.append(await _flash(server, number))
    waits.sort()
    return [
        Figure(
            f"from a flash's button to its first call, {CHATS:,} digests waiting",
            f"{waits[len(waits) // 2] * 1000:.0f} ms, at most {waits[-1] * 1000:.0f} ms of {TIMES}",
            aim=f"{LONGEST * 1000:.0f} ms",
            met=waits[-1] <= LONGEST,
        )
    ]


async def _flash(server: Mock, number: int) -> float:
    await asyncio.to_thread(server.reset)
    server.push(_text(f"/breaking {FLASH.decode()} {number}: the bridge is open"))
    card = await _card(server)
    at = server.push(_press(f"flash:send:{card}"))
    async with asyncio.timeout(30):
        while (first := server.counts()["first"].get("flash")) is None:
            await asyncio.sleep(0.05)
    server.push(_press(f"flash:stop:{card}"))
    await asyncio.sleep(2)
    return float(first) - at


async def _card(server: Mock) -> str:
    """Return the number of the card that the bot has answered with."""
    async with asyncio.timeout(30):
        while True:
            for body in server.said():
                if found := re.search(r"flash(?::|%3A)send(?::|%3A)(\d+)", body):
                    return found[1]
            await asyncio.sleep(0.05)


def _text(text: str) -> dict[str, Any]:
    entity = {"type": "bot_command", "offset": 0, "length": len(text.split(maxsplit=1)[0])}
    message = {"message_id": next(_numbers), **_where(), "from": _who(), "text": text, "entities": [entity]}
    return {"update_id": next(_numbers), "message": message}


def _press(data: str) -> dict[str, Any]:
    under = {"message_id": next(_numbers), **_where(), "text": "…"}
    query = {"id": str(next(_numbers)), "from": _who(), "chat_instance": "1", "data": data, "message": under}
    return {"update_id": next(_numbers), "callback_query": query}


def _where() -> dict[str, Any]:
    return {"date": int(time.time()), "chat": {"id": OWNER, "type": "private", "first_name": "A"}}


def _who() -> dict[str, Any]:
    return {"id": OWNER, "is_bot": False, "first_name": "A", "language_code": "en"}
