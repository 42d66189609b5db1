"""How soon the desk answers an editor, with 100,000 stories in the store and a broadcast under way."""

from __future__ import annotations

import asyncio
import itertools
import json
import random
import tempfile
from pathlib import Path
from typing import Any

from sqlalchemy import text

from bench.support import editor
from bench.support.figures import Figure
from bench.support.news import HEADLINE, TEXT
from bench.support.world import Mock, checkpoint, mock, newsroom, running, tell
from bot.app import App
from bot.metrics import SLOT_SECONDS
from bot.model.clock import Clock
from bot.model.story.article import Status
from bot.model.story.content import Heading, Paragraph, Run
from bot.model.story.content_json import dump_blocks
from bot.store.engine.database import Database
from bot.store.newsroom.search.stems import VERSION

STORIES, CHATS = 100_000, 20_000
RATES = (30, 1_000)
"""Calls a second of the broadcast: Telegram's own limit, and the most that it sells."""

ROUNDS, WARM = 20, 2
WITHIN = 0.05

SHELVES = ("drafts", "review", "approved", "scheduled", "going-out", "out", "unreviewed")
ASKED = {
    "the desk": ("desk:home",),
    "a shelf, or a page of one": (
        *(f"desk:shelf:{each}:0" for each in SHELVES),
        "desk:shelf:drafts:1",
        "desk:shelf:out:9",
    ),
    # The first one is the story that goes out.
    "a card": tuple(f"desk:card:{STORIES + 1 - each}" for each in range(8)),
    "words of a headline": ("/desk бюджет поправки", "/desk мосты", "/desk нет такого слова"),
}
"""What an editor presses and writes; the newest stories are in each of the states."""


async def measure() -> list[Figure]:
    """Let an editor ask one thing after the other, and time each from the update to the call that answers it."""
    figures = []
    for rate in RATES:
        waits = await _at(rate)
        every = [wait for found in waits.values() for wait in found]
        figures.append(_figure(f"the desk answers, {STORIES:,} stories, a broadcast at {rate:,}/s", every))
    return [*figures, *(_figure(f"of these: {kind}", found) for kind, found in waits.items())]


async def _at(rate: int) -> dict[str, list[float]]:
    """Return the seconds that each kind of question took, with a broadcast at that rate."""
    with tempfile.TemporaryDirectory() as name, mock(0.04) as server:
        folder = Path(name)
        async with newsroom(folder, CHATS) as db:
            await fill_with_stories(db, STORIES)
            await checkpoint(db)
            async with running(db, folder, server, global_rate=rate) as app:
                going = asyncio.create_task(broadcast(db, app, server, CHATS))
                await server.until(rate)
                waits = await _asked(server)
                going.cancel()
                await asyncio.gather(going, return_exceptions=True)
    return waits


async def broadcast(db: Database, app: App, server: Mock, chats: int) -> None:
    """Tell a story to every chat, and the next one when the one before is nearly out."""
    for number in itertools.count(1):
        await tell(db, app, f"broadcast {number}")
        await server.until(number * chats - chats // 10)


async def _asked(server: Mock) -> dict[str, list[float]]:
    waits: dict[str, list[float]] = {kind: [] for kind in ASKED}
    for number in range(ROUNDS + WARM):
        for kind, asked in _round():
            wait = await _answer(server, asked)
            if number >= WARM:
                waits[kind].append(wait)
    return waits


def _round() -> list[tuple[str, str]]:
    asked = [(kind, each) for kind, several in ASKED.items() for each in several]
    random.shuffle(asked)
    return asked


async def _answer(server: Mock, asked: str) -> float:
    """Return the seconds from the update to the call that answers it, but those that the call waited for its slot."""
    update, slots = editor.text(asked) if asked.startswith("/") else editor.press(asked), _slots()
    at = await asyncio.to_thread(server.push, update)
    async with asyncio.timeout(30):
        while (first := (await asyncio.to_thread(server.counts))["first"].get("answer")) is None:
            await asyncio.sleep(0.05)
    # Until the call has been answered, the next press would wait for the one before.
    await asyncio.sleep(0.05)
    return float(first) - at - (_slots() - slots)


def _slots() -> float:
    """Return for how many seconds answers have waited for their slots in the pace so far."""
    samples = [each for metric in SLOT_SECONDS.collect() for each in metric.samples]
    return sum(
        each.value for each in samples if each.name.endswith("_sum") and each.labels["lane"] == "reply"
    )


def _figure(what: str, waits: list[float]) -> Figure:
    waits = sorted(waits)
    middle, late, last = (waits[min(len(waits) - 1, int(len(waits) * share))] for share in (0.5, 0.99, 1))
    said = f"{middle * 1000:.0f} ms, p99 {late * 1000:.0f} ms, at most {last * 1000:.0f} ms of {len(waits):,}"
    return Figure(what, said, aim=f"p99 {WITHIN * 1000:.0f} ms", met=late <= WITHIN)


async def fill_with_stories(db: Database, count: int) -> None:
    """Keep so many stories, a minute apart, each twentieth of them still at the desk."""
    now = int(Clock().now().timestamp() * 1000)
    async with db.writer.begin() as tx:
        span: dict[str, Any] = {"count": count, "now": now, "blocks": _BLOCKS}
        for each in (_ARTICLES, _REVISIONS, _TOPICS, _DEEDS, _ENTRIES):
            wanted = {name: value for name, value in span.items() if f":{name}" in each}
            await tx.execute(text(each), wanted)
        await tx.exec_driver_sql("ANALYZE")


_NUMBERS = "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < :count) "
_STATE = (
    "CASE i % 100"
    f" WHEN 0 THEN '{Status.DRAFT}' WHEN 99 THEN '{Status.DRAFT}' WHEN 98 THEN '{Status.REVIEW}'"
    f" WHEN 97 THEN '{Status.APPROVED}' WHEN 96 THEN '{Status.SCHEDULED}' ELSE '{Status.PUBLISHED}' END"
)
_ARTICLES = (
    _NUMBERS + "INSERT INTO article"
    " (id, source, source_uid, status, revision, created_at, published_at, release_at, unreviewed)"
    f" SELECT i, 'wire', 'w' || i, {_STATE}, 1, :now - (:count - i) * 60000,"
    f" CASE WHEN {_STATE} = '{Status.PUBLISHED}' THEN :now - (:count - i) * 60000 END,"
    f" CASE WHEN {_STATE} = '{Status.SCHEDULED}' THEN :now + (:count + i) * 60000 END, i % 1000 = 95 FROM n"
)
_WORDS = (
    "Мост",
    "Бюджет",
    "Ярмарка",
    "Расписание",
    "Школа",
    "Погода",
    "Маршрут",
    "Больница",
    "Музей",
    "Рынок",
)
_REVISIONS = (
    _NUMBERS + "INSERT INTO revision"
    " (article_id, number, headline, lead, dateline, blocks, language, fingerprint, created_at)"
    " SELECT i, 1, CASE i % 10 "
    + " ".join(f"WHEN {place} THEN '{word}'" for place, word in enumerate(_WORDS))
    + " END || ' в долине: что изменится с ' || (i % 28 + 1) || '-го числа, выпуск ' || i,"
    " 'Изменения вступают в силу к концу недели.', '', :blocks, 'ru', 'f' || i, :now - (:count - i) * 60000 FROM n"
)
_TOPICS = _NUMBERS + "INSERT INTO article_topic (topic_id, article_id) SELECT 1, i FROM n"
_DEEDS = (
    _NUMBERS + "INSERT INTO audit (at, actor, verb, article_id, revision)"
    " SELECT :now - (:count - i) * 60000, 999, 'draft', i, 1 FROM n"
)
# As if the archive's index were filled: that is not what is measured.
_ENTRIES = (
    "INSERT INTO search_entry (place, article_id, revision, language, version)"
    f" SELECT id, id, 1, 'ru', {VERSION} FROM article"
)
_BODY = (Paragraph((Run(TEXT),)), Heading((Run(HEADLINE),)), Paragraph((Run(TEXT),)))
_BLOCKS = json.dumps(dump_blocks(_BODY), ensure_ascii=False)
