"""Four bots of one newsroom: as one process, and with a process for each, beside one bot on SQLite."""

from __future__ import annotations

import asyncio
import tempfile
import time
from collections.abc import Sequence
from contextlib import AsyncExitStack
from pathlib import Path

from bench.measurements.processes.bot_process import BotProcess
from bench.support.cores import unpin
from bench.support.figures import Figure
from bench.support.news import TOKEN
from bench.support.postgres import postgres
from bench.support.world import BOT_ID, NEWSROOM, UNBOUNDED, Mock, join, mock, newsroom, settled
from bot.desk.publish import publish
from bot.model.clock import Clock
from bot.model.story.article import Content
from bot.store.engine.database import Database
from bot.store.newsroom import articles
from bot.store.operations import bots

CHATS = 40_000
"""The chats of all bots together."""

BRANDS = 4
ROUNDS = 3
NAMES = ["BOT_TOKEN", *(f"TOKEN_{number}" for number in range(2, BRANDS + 1))]
IDS = [BOT_ID + number for number in range(BRANDS)]

REST = "poller,matcher,ticks,feeds"
LAYOUTS: dict[str, tuple[int, Sequence[Sequence[str]]]] = {
    "one bot, SQLite, one process": (1, [["run"]]),
    "one bot, PostgreSQL, one process": (1, [["run"]]),
    "four bots, PostgreSQL, one process": (BRANDS, [["run"]]),
    "four bots, PostgreSQL, a courier each": (
        BRANDS,
        [["run", "--role", REST], *(["run", "--role", "courier", "--bot", each] for each in NAMES)],
    ),
}
"""How many bots there are, and the processes that are started for them."""


async def measure() -> list[Figure]:
    """Send the same story to the same number of chats in each layout; the best of some rounds."""
    unpin()
    figures, baseline = [], ""
    for name, (brands, commands) in LAYOUTS.items():
        rate, cpu = await _best(brands, commands, postgresql="PostgreSQL" in name)
        said = f"{rate:,.0f}/s in all, {cpu:.0f} µs of the bots' processes each"
        figures.append(Figure(f"sending, {name}", said, baseline))
        baseline = baseline or said
    return figures


async def _best(brands: int, commands: Sequence[Sequence[str]], *, postgresql: bool) -> tuple[float, float]:
    async with AsyncExitStack() as parts:
        name = parts.enter_context(tempfile.TemporaryDirectory())
        folder, server = Path(name), parts.enter_context(mock())
        url = parts.enter_context(postgres(folder)) if postgresql else None
        entries = "".join(f'[[bot]]\ntoken = "{each}"\n' for each in NAMES[1:brands])
        (folder / "newsroom.toml").write_text(NEWSROOM + entries)
        db = await parts.enter_async_context(newsroom(folder, CHATS // brands, url))
        for at in range(1, brands):
            async with db.write() as tx:
                await bots.put(tx, IDS[at], f"brand_{at}", Clock().now())
            await join(db, IDS[at], at * CHATS // brands, (at + 1) * CHATS // brands)
        settings = {
            "BOT_API_URL": server.url,
            "DATABASE_URL": str(url or f"sqlite:///{folder / 'vestnik.db'}"),
            **dict.fromkeys(("GLOBAL_RATE", "CHAT_RATE", "GROUP_RATE"), str(int(UNBOUNDED))),
            **{each: f"{bot_id}:{TOKEN.partition(':')[2]}" for each, bot_id in zip(NAMES, IDS, strict=True)},
        }
        running = [await BotProcess.start(folder, settings, *words) for words in commands]
        try:
            for each in running:
                await each.said("Vestnik runs as")
            return max([await _round(db, server, running, number) for number in range(1, ROUNDS + 1)])
        finally:
            for each in running:
                await each.end()


async def _round(db: Database, server: Mock, running: list[BotProcess], number: int) -> tuple[float, float]:
    """Return messages a second in all, and microseconds of the processes' time for each."""
    await asyncio.sleep(2)
    now = Clock().now()
    async with db.write() as tx:
        one = await articles.add(
            tx, Content("Мост открыт", "Утром."), source="desk", uid=f"brands {number}", at=now, topic_ids=[1]
        )
    begun, before = time.perf_counter(), sum(each.cpu_seconds for each in running)
    bulletin_id = await publish(db, one.id, now)
    await server.until(number * CHATS)
    seconds = time.perf_counter() - begun
    await settled(db, bulletin_id, CHATS)
    cpu = sum(each.cpu_seconds for each in running) - before
    return CHATS / seconds, cpu / CHATS * 1e6
