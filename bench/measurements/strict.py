"""How much of a strict 30 a second is used, and whether anything is refused; how soon 4,000 chats have it."""

from __future__ import annotations

import asyncio
import itertools
import tempfile
import time
from pathlib import Path
from typing import Any

from bench.rivals.running import run
from bench.support.figures import Figure
from bench.support.news import FIRST_CHAT
from bench.support.world import Mock, mock, newsroom, running, tell

RATE, LATENCY, BAN = 30, 0.04, 3.0
CHATS, PLAIN, TGCAST = 4_000, 600, 400
NINE_TENTHS, WITHIN = 0.9, 120.0
REPLY_EVERY = 2.0
"""Seconds between two questions of readers: their answers come out of the same budget."""

_numbers = itertools.count(1)


async def measure() -> list[Figure]:
    """Send to 4,000 chats under the strictest server there is, and let others try a part of it."""
    with tempfile.TemporaryDirectory() as name, mock(LATENCY, RATE, BAN) as server:
        folder = Path(name)
        options: dict[str, Any] = {"global_rate": RATE, "chat_rate": 1, "chat_burst": 1, "group_rate": 20}
        async with newsroom(folder, CHATS) as db, running(db, folder, server, **options) as app:
            await tell(db, app)
            await server.until(1)
            began, before = time.monotonic(), _paced(server)
            asking = asyncio.create_task(_ask(server))
            await server.until(int(NINE_TENTHS * CHATS))
            seconds = time.monotonic() - began
            asking.cancel()
            share = (_paced(server) - before) / seconds / RATE
            refused = server.counts_of("429")
    return [
        Figure(
            f"share of a strict {RATE}/s, {LATENCY * 1000:.0f} ms, {BAN:g} s of nothing but 429 after one",
            f"{share:.3f}, {refused} refused",
            _rivals(),
            ".97, none refused",
            share >= 0.97 and not refused,
        ),
        Figure(
            f"{NINE_TENTHS:.0%} of {CHATS:,} chats at {RATE}/s",
            f"{seconds:.1f} s",
            aim=f"{WITHIN:.0f} s",
            met=seconds <= WITHIN,
        ),
    ]


def _rivals() -> str:
    said = []
    for what, module, arguments, apart in (
        ("aiogram one by one", "plain", ("aiogram-one-by-one",), False),
        ("aiogram, 100 workers", "plain", ("aiogram",), False),
        ("tgcast", "tgcast_sender", (), True),
    ):
        count = TGCAST if apart else PLAIN
        with mock(LATENCY, RATE) as server:
            found = run(module, *arguments, server.url, count, *((RATE,) if apart else ()), apart=apart)
            if found:
                refused = server.counts_of("429")
                said.append(f"{what} {found['rate'] / RATE:.2f}, {refused} refusals for {count}")
    return "; ".join(said) + " (without the ban)"


def _paced(server: Mock) -> int:
    counts = server.counts()
    return sum(each for name, each in counts.items() if name.startswith(("send", "edit", "delete")))


async def _ask(server: Mock) -> None:
    for person in itertools.count(FIRST_CHAT + CHATS):
        await asyncio.to_thread(server.push, _help(person))
        await asyncio.sleep(REPLY_EVERY)


def _help(person: int) -> dict[str, Any]:
    who = {"id": person, "is_bot": False, "first_name": "B", "language_code": "ru"}
    chat = {"id": person, "type": "private", "first_name": "B"}
    entity = {"type": "bot_command", "offset": 0, "length": 5}
    message = {"message_id": 1, "date": int(time.time()), "chat": chat, "from": who, "text": "/help"}
    return {"update_id": next(_numbers), "message": {**message, "entities": [entity]}}
