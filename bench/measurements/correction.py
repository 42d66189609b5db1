"""A story in 2,000 chats is corrected, and then killed: how long each takes, by how many calls, and what fails."""

from __future__ import annotations

import asyncio
import tempfile
import time
from collections import Counter
from pathlib import Path
from typing import Any

from bench.support.figures import Figure
from bench.support.news import FIRST_CHAT, HEADLINE, TOKEN
from bench.support.world import newsroom, running, settled, tell
from bot.app import App
from bot.desk import amend
from bot.model.clock import Clock
from bot.model.story.article import Content
from bot.sandbox import Limits, Sandbox
from bot.store.engine.database import Database

CHATS, OLD = 2_000, 500
"""How many chats have the story, and in how many of them it has stood for more than 48 hours when it is killed."""

RATE, AGE = 30, 49 * 3600
STORY, TOLD = 1, Content(f"{HEADLINE}: уточнение", "Пешеходная часть откроется позже.")


async def measure() -> list[Figure]:
    """Push, correct and kill under the limits that Telegram publishes."""
    sandbox = Sandbox(limits=Limits.telegram(), calls_kept=5 * CHATS)
    await sandbox.start()
    try:
        with tempfile.TemporaryDirectory() as name:
            return await _measure(sandbox, Path(name))
    finally:
        await sandbox.stop()


async def _measure(sandbox: Sandbox, folder: Path) -> list[Figure]:
    sandbox.add_bot(TOKEN, "vestnik_bot", "Вестник")
    for number in range(FIRST_CHAT, FIRST_CHAT + CHATS):
        sandbox.add_user(f"Читатель {number}", id=number)
        sandbox.chat(number).started = True
    pace: dict[str, Any] = {"global_rate": RATE, "chat_rate": 1, "group_rate": 20}
    async with newsroom(folder, CHATS) as db, running(db, folder, sandbox, **pace) as app:
        await settled(db, await tell(db, app), CHATS)
        seen = sandbox.call_log.total
        await amend.correct(db, STORY, TOLD, Clock().now())
        corrected = await _changed(db, app, sandbox, seen)
        for number in range(FIRST_CHAT, FIRST_CHAT + OLD):
            for stored in sandbox.chat(number).messages.values():
                stored.body["date"] -= AGE
        seen = sandbox.call_log.total
        await amend.kill(db, STORY, Clock().now(), reason="Ошибка в сообщении")
        killed = await _changed(db, app, sandbox, seen)
    everyone = range(FIRST_CHAT, FIRST_CHAT + CHATS)
    standing = sum(HEADLINE in each["text"] for chat in everyone for each in sandbox.messages(chat))
    return [
        Figure(f"a correction reaches {CHATS:,} chats at {RATE}/s", corrected),
        Figure(f"a kill does, {OLD:,} of the messages older than 48 h", killed),
        Figure("chats in which the killed story still stands", f"{standing}", aim="0", met=standing == 0),
    ]


async def _changed(db: Database, app: App, sandbox: Sandbox, seen: int) -> str:
    """Wait until nothing is left to do; return how long that took, by which calls, and what was refused."""
    began = time.monotonic()
    app.services.bell.ring()
    async with asyncio.timeout(600):
        while not (spread := await amend.spread(db, STORY)).settled:
            await asyncio.sleep(0.1)
    took = time.monotonic() - began
    calls = [each for each in sandbox.call_log.since(seen) if each.chat_id is not None]
    made = Counter(each.method for each in calls)
    refused = Counter(each.description for each in calls if each.status != 200)
    said = ", ".join(f"{count:,} {name}" for name, count in made.most_common())
    failed = ", ".join(f"{count:,} times «{why}»" for why, count in refused.most_common()) or "nothing"
    return f"{took:.0f} s; {said}; refused: {failed}; left as they were: {len(spread.left)}"
