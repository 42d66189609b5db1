"""How soon the digests of all chats that have the same hour are planned, on either database."""

from __future__ import annotations

import gc
import os
import tempfile
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from sqlalchemy import text

from bench.support.archive import ARTICLES
from bench.support.figures import Figure
from bench.support.postgres import postgres
from bench.support.world import BOT_ID, checkpoint, newsroom
from bot.matching.digest import plan_due
from bot.model.clock import Clock
from bot.model.delivery import Lane, State, SubjectKind
from bot.store.engine.database import Database
from bot.store.engine.types import to_millis

DUE = int(os.environ.get("BENCH_DIGESTS", "100000"))
"""How many chats have the hour; twice as many follow five topics each. `BENCH_DIGESTS=10000` measures fewer."""

TOPICS, FLASHES, AT_ONCE = 20, 3, 10
"""How many topics there are, stories of the day that everybody has, and the part of the chats that get all at once."""

MOST_SECONDS, LONGEST_TRANSACTION = 2.0, 0.1


class Writes:
    """Times a database's transactions that write."""

    def __init__(self, db: Database) -> None:
        self.longest, self.count = 0.0, 0
        self._write = db.write
        db.write = self.timed  # type: ignore[method-assign, assignment]

    @asynccontextmanager
    async def timed(self, **options: Any) -> AsyncIterator[Any]:
        """Begin a transaction, and note how long it took."""
        began = time.perf_counter()
        async with self._write(**options) as tx:
            began = time.perf_counter()
            yield tx
        self.longest = max(self.longest, time.perf_counter() - began)
        self.count += 1


async def measure() -> list[Figure]:
    """Plan the digests of an hour on each database."""
    figures = await _on("SQLite", None)
    with tempfile.TemporaryDirectory() as folder, postgres(Path(folder)) as url:
        return [*figures, *await _on("PostgreSQL", url)]


async def _on(name: str, url: str | None) -> list[Figure]:
    with tempfile.TemporaryDirectory() as at:
        async with newsroom(Path(at), 2 * DUE, url) as db:
            now = Clock().now()
            await _choose(db, now)
            await checkpoint(db)
            writes = Writes(db)
            # As the bot has it when it has started.
            gc.freeze()
            gc.set_threshold(10_000, 20, 20)
            worked = time.process_time()
            began = time.perf_counter()
            made = await plan_due(db, BOT_ID, now)
            seconds = time.perf_counter() - began
            worked = time.process_time() - worked
            async with db.read() as tx:
                editions = (await tx.execute(text("SELECT count(*) FROM edition"))).scalar_one()
    chats = f"{DUE:,} chats due at once, {ARTICLES:,} articles, {10 * DUE:,} subscriptions"
    return [
        Figure(
            f"{name}: digests planned for {chats}",
            f"{seconds:.2f} s, {worked:.2f} s of the process: {made:,} digests of {editions - 1:,} contents",
            aim=f"{MOST_SECONDS:g} s",
            met=seconds <= MOST_SECONDS,
        ),
        Figure(
            f"{name}: the longest transaction of {writes.count}",
            f"{writes.longest * 1000:.0f} ms",
            aim=f"{LONGEST_TRANSACTION * 1000:.0f} ms",
            met=writes.longest <= LONGEST_TRANSACTION,
        ),
    ]


async def _choose(db: Database, now: datetime) -> None:
    """Let chats choose topics and digests, and have had yesterday's digest, this day's flashes and some stories."""
    at = to_millis(now)
    day = to_millis(now - timedelta(days=1))
    values = {
        "now": at,
        "day": day,
        "bot": BOT_ID,
        "due": DUE,
        "topics": TOPICS,
        "articles": ARTICLES,
        "part": AT_ONCE,
    }
    values |= {"flashes": FLASHES, "kind": int(SubjectKind.ARTICLE), "digests": int(SubjectKind.DIGEST)}
    values |= {"story": int(Lane.STORY), "digest": int(Lane.DIGEST), "done": int(State.DONE)}
    async with db.writer.begin() as tx:
        for statement in _STATEMENTS:
            named = {name: values[name] for name in values if f":{name}" in statement}
            await tx.execute(text(statement), named)
        if db.file is None:
            for table in ("topic", "edition", "article"):
                sequence = f"SELECT setval('{table}_id_seq', (SELECT max(id) FROM {table}))"
                await tx.execute(text(sequence))
        await tx.exec_driver_sql("ANALYZE")


_NUMBERS = "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < CAST(:many AS integer))"
_DELIVER = (
    "INSERT INTO delivery"
    " (bot_id, kind, subject_id, chat_id, lane, wanted, shown, due_at, state, attempts, accepted_at)"
)
_STATEMENTS = (
    # Topics beside the one that is there, and stories five minutes apart, on one or two of them.
    _NUMBERS.replace("many", "topics") + " INSERT INTO topic (id, slug, names, aliases, keywords, origin)"
    " SELECT i, 'topic' || i, '{}', '[]', '[]', 'file' FROM n WHERE i > 1",
    _NUMBERS.replace("many", "articles")
    + " INSERT INTO article (id, source, source_uid, status, revision, created_at, published_at)"
    " SELECT i, 'wire', 'w' || i, 'published', 1, at, at FROM"
    " (SELECT i, CAST(:now AS bigint) - (CAST(:articles AS bigint) - i) * 300000 AS at FROM n) AS made",
    "INSERT INTO revision (article_id, number, headline, lead, dateline, blocks, language, fingerprint, created_at)"
    " SELECT id, 1, 'Сводка ' || id, 'Коротко.', '', '[]', 'ru', '', created_at FROM article",
    "INSERT INTO article_topic (topic_id, article_id)"
    " SELECT 1 + id % CAST(:topics AS integer), id FROM article",
    "INSERT INTO article_topic (topic_id, article_id)"
    " SELECT 1 + (id + 7) % CAST(:topics AS integer), id FROM article WHERE id % 3 = 0",
    "DELETE FROM subscription",
    # Five topics for each chat, in orders of their own; some muted one.
    "WITH RECURSIVE k(k) AS (SELECT 0 UNION ALL SELECT k + 1 FROM k WHERE k < 4)"
    " INSERT INTO subscription (topic_id, chat_id, mode, since)"
    " SELECT 1 + (chat.id + k.k * (1 + 2 * ((chat.id / 20) % 2) + 8 * ((chat.id / 40) % 2)))"
    " % CAST(:topics AS integer),"
    " chat.id, CASE WHEN (chat.id / 80) % 6 = k.k THEN 0 ELSE 4 END, k.k FROM chat CROSS JOIN k",
    "UPDATE chat SET digest_times = '540:127', digest_due = CAST(:now AS bigint) - 1000, digest_last = :day,"
    " instant = (id % CAST(:part AS integer) = 0), news_languages = CASE id % 3 WHEN 0 THEN ',ru,' END"
    " WHERE id <= CAST(:due AS integer)",
    # Yesterday's digest of each.
    "INSERT INTO edition (id) VALUES (1)",
    "INSERT INTO digest_article (edition_id, article_id, position) SELECT 1, id, id FROM article"
    " WHERE published_at > CAST(:day AS bigint) - 3600000 AND published_at <= CAST(:day AS bigint)",
    "INSERT INTO digest (chat_id, edition_id, since, created_at)"
    " SELECT id, 1, CAST(:day AS bigint) - 86400000, :day FROM chat WHERE id <= CAST(:due AS integer)",
    _DELIVER
    + " SELECT CAST(:bot AS bigint), CAST(:digests AS smallint), id, chat_id, CAST(:digest AS smallint), 1, 1,"
    " CAST(:day AS bigint), CAST(:done AS smallint), 0, CAST(:day AS bigint) FROM digest",
    # What came at once: the flashes to all, everything to some.
    _DELIVER
    + " SELECT CAST(:bot AS bigint), CAST(:kind AS smallint), article.id, chat.id, CAST(:story AS smallint), 1, 1,"
    " CAST(:day AS bigint), CAST(:done AS smallint), 0, CAST(:day AS bigint) FROM article CROSS JOIN chat"
    " WHERE article.published_at > CAST(:day AS bigint) AND chat.id <= CAST(:due AS integer)"
    " AND (article.id % 100 < CAST(:flashes AS integer) / 3 OR chat.id % CAST(:part AS integer) = 0)"
    # As they are planned: story by story.
    " ORDER BY article.id, chat.id",
)
