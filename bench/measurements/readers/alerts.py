"""How long it takes to compare a story with 100,000 alerts, and to plan it for those whom it concerns."""

from __future__ import annotations

import random
import tempfile
import time
from pathlib import Path
from typing import Any

from sqlalchemy import insert, select

from bench.support.archive import WORDS, Language
from bench.support.figures import Figure
from bench.support.postgres import postgres
from bench.support.world import checkpoint, newsroom
from bot.bell import LocalBell
from bot.matching.alert_index import AlertIndex
from bot.matching.alerts import compare
from bot.matching.matcher import Matcher
from bot.model.clock import Clock
from bot.model.delivery import Lane
from bot.model.search.alert import AlertTerms, Term
from bot.model.story.article import Content
from bot.model.story.content import Paragraph, Run
from bot.publishing.publish import publish
from bot.stemming import composed, words_of
from bot.store.engine.database import Database
from bot.store.newsroom import articles
from bot.store.tables.ledger import bulletin
from bot.store.tables.watch import alert_condition, alert_match, word_alert

ALERTS, CHATS, STORIES = 100_000, 1_000_000, 300
MOST_SECONDS = 0.005

FREQUENT = 0.1
"""The share of alerts with one very frequent word, like the name of a country."""


async def measure() -> list[Figure]:
    """Compare new stories with all alerts on each database."""
    return [*await _on("SQLite", None), *await _on_postgres()]


async def _on_postgres() -> list[Figure]:
    with tempfile.TemporaryDirectory() as folder, postgres(Path(folder)) as url:
        return await _on("PostgreSQL", url)


async def _on(name: str, url: str | None) -> list[Figure]:
    language = Language()
    with tempfile.TemporaryDirectory() as folder:
        async with newsroom(Path(folder), CHATS, url) as db:
            conditions = await fill(db, language)
            await checkpoint(db)
            compared, worked, brought = await _compared(db, language)
            planned, deliveries = await _planned(db, language)
    late = compared[int(STORIES * 0.99)]
    said = f"{compared[STORIES // 2] * 1000:.1f} ms, p99 {late * 1000:.1f} ms, at most {compared[-1] * 1000:.0f} ms"
    said += f"; of that {worked[STORIES // 2] * 1000:.1f} ms of work, p99 {worked[int(STORIES * 0.99)] * 1000:.1f} ms"
    what = (
        f"{name}: a story compared with {ALERTS:,} alerts ({conditions:,} different ones; {brought:,.0f} met)"
    )
    return [
        Figure(what, said, aim=f"p99 {MOST_SECONDS * 1000:.0f} ms", met=late <= MOST_SECONDS),
        Figure(
            f"{name}: and planned for {deliveries:,} of {CHATS:,} chats whose alerts it meets",
            f"{sum(planned):.2f} s, the longest page {max(planned) * 1000:.0f} ms",
            aim="100 ms a page",
            met=max(planned) <= 0.1,
        ),
    ]


async def fill(db: Database, language: Language) -> int:
    """Let chats watch for words, five of them each; return how many conditions differ."""
    made, now = random.Random(5), Clock().now()
    ranks = {word: rank for rank, word in enumerate(language.words)}
    numbers: dict[str, int] = {}
    conditions: list[dict[str, Any]] = []
    watches: list[dict[str, Any]] = []
    seen: set[tuple[int, int]] = set()
    for at in range(ALERTS):
        terms, rarest = _alert(language, ranks, made)
        kept = terms.dump()
        if kept not in numbers:
            numbers[kept] = len(numbers) + 1
            also = rarest[1] if len(rarest) > 1 else None
            conditions.append({"id": numbers[kept], "terms": kept, "rarest": rarest[0], "also": also})
        key = (numbers[kept], 1 + at * 7 % CHATS)
        if key not in seen:
            seen.add(key)
            watches.append({"condition_id": key[0], "chat_id": key[1], "said": kept[:200], "since": now})
    async with db.writer.begin() as tx:
        for table, rows in ((alert_condition, conditions), (word_alert, watches)):
            for first in range(0, len(rows), 5_000):
                await tx.execute(insert(table), rows[first : first + 5_000])
        await tx.exec_driver_sql("ANALYZE")
    return len(conditions)


def _alert(language: Language, ranks: dict[str, int], made: random.Random) -> tuple[AlertTerms, list[str]]:
    """Return what somebody watches for, and its stems, the rarest first."""
    words = [_watched(language, made) for _ in range(made.choice((1, 1, 1, 2, 2, 3)))]
    if made.random() < FREQUENT:
        words = [language.words[0], *words[: made.choice((0, 1, 1))]]
    unwanted = [_watched(language, made)] if made.random() < 0.2 else []
    rank = {stem: ranks[word] for word in words for stem in _stems(word)}
    wanted = [Term(_stems(word)) for word in words]
    if len(words) > 1 and made.random() < 0.1:
        wanted = [Term(tuple(stem for word in words for stem in _stems(word)), literal=True)]
    terms = AlertTerms(tuple(wanted), tuple(Term(_stems(word)) for word in unwanted))
    return terms, sorted(rank, key=lambda stem: -rank[stem])


def _watched(language: Language, made: random.Random) -> str:
    """Return a word that somebody watches for: as often one that a third of the stories have as one of the last."""
    return language.words[int(30 * (WORDS / 30) ** made.random()) - 1]


def _stems(word: str) -> tuple[str, ...]:
    return tuple(each.stem for each in words_of(composed(word)))


async def _compared(db: Database, language: Language) -> tuple[list[float], list[float], float]:
    """Return how long each new story took, and of that this process's work, the shortest first; how many one meets."""
    index, waits, work, found = AlertIndex(), [], [], 0
    async with db.read() as tx:
        await index.refresh(tx)
    for number in range(STORIES):
        async with db.write() as tx:
            story = await articles.add(
                tx, _content(language, number), source="wire", uid=f"{number}", at=Clock().now()
            )
            began, worked = time.perf_counter(), time.process_time()
            await compare(tx, story, index)
            waits.append(time.perf_counter() - began)
            work.append(time.process_time() - worked)
            kept = select(alert_match.c.conditions).where(alert_match.c.article_id == story.id)
            found += len((await tx.execute(kept)).scalar_one())
    return sorted(waits), sorted(work), found / STORIES


async def _planned(db: Database, language: Language) -> tuple[list[float], int]:
    """Plan a story under no topic for whom alone its words concern; return how long each page took, how many got it."""
    now = Clock().now()
    async with db.write() as tx:
        story = await articles.add(tx, _content(language, 1), source="wire", uid="new", at=now)
        told = (await publish(tx, story.id, now)).bulletin_id
    matcher = Matcher(db, Clock(), LocalBell(), lives={}, planned=_nothing)
    async with db.read() as tx:
        await matcher.alerts.refresh(tx)
    waits: list[float] = []
    while True:
        began = time.perf_counter()
        if not await matcher.step():
            break
        waits.append(time.perf_counter() - began)
    async with db.read() as tx:
        found = await tx.execute(select(bulletin.c.deliveries).where(bulletin.c.id == told))
        return waits, found.scalar_one()


def _nothing(_lane: Lane | None) -> None:
    return None


def _content(language: Language, number: int) -> Content:
    said = random.Random(f"new {number}").choices(language.sentences, k=24)
    words = [word for sentence in said for word in sentence.words]
    body = (Paragraph((Run(" ".join(words[20:])),)),)
    return Content(" ".join(words[:8]).capitalize(), " ".join(words[8:20]), blocks=body)
