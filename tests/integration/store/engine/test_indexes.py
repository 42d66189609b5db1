"""How SQLite finds what is asked for every few seconds: among a million chats it must not look at each."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from datetime import UTC, datetime
from typing import Any

import pytest
from sqlalchemy import event
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.model.search.query import Query
from bot.store.audience.places import notices
from bot.store.desk import story_counts
from bot.store.digests import due
from bot.store.engine.database import Database
from bot.store.ledger import backlog, push_counts, reach, totals
from bot.store.newsroom import tellings
from bot.store.newsroom.search.find import find
from bot.store.operations import health_queries

NOW = datetime(2026, 3, 1, 9, tzinfo=UTC)


@pytest.mark.parametrize(
    ("ask", "way"),
    [
        pytest.param(lambda tx: due.due(tx, 700700, NOW), "ix_chat_digest_due", id="digests due"),
        pytest.param(
            lambda tx: health_queries.lost_chats(tx, 700700, NOW, 20), "telegram_id<", id="lost chats"
        ),
        pytest.param(
            lambda tx: reach.story_of(tx, 700700, 21, 7), "ix_message_chat_id_message_id", id="a message"
        ),
        pytest.param(
            lambda tx: tellings.with_keys(tx, [5, 6], 20),
            "SEARCH story_key USING PRIMARY KEY (key=?)",
            id="keys",
        ),
        pytest.param(
            lambda tx: backlog.anything_before_flash(tx, 700700, NOW), "ix_delivery_claimed", id="claimed"
        ),
        pytest.param(lambda tx: find(tx, Query(), 5), "ix_bulletin_held_back", id="held back"),
        pytest.param(lambda tx: notices.untold(tx, 700700, 20), "ix_chat_notice_untold", id="notices"),
        pytest.param(lambda tx: push_counts.due(tx, NOW, 20), "ix_bulletin_uncounted", id="uncounted"),
        pytest.param(lambda tx: totals.of(tx, NOW, NOW), "ix_push_count_started_at", id="totals"),
        pytest.param(
            lambda tx: story_counts.shown_by(tx, 700700, 21, 5),
            "ix_message_chat_id_message_id (chat_id=?",
            id="reaction",
        ),
    ],
)
async def test_what_is_asked_again_and_again_is_found_by_an_index(
    sqlite_db: Database, ask: Callable[[AsyncConnection], Awaitable[object]], way: str
) -> None:
    asked: list[tuple[str, Any]] = []

    @event.listens_for(sqlite_db.reader.sync_engine, "before_cursor_execute")
    def note(_connection: Any, _cursor: Any, statement: str, parameters: Any, *_: Any) -> None:
        asked.append((statement, parameters))

    async with sqlite_db.reader.connect() as tx:
        await ask(tx)
        statement, parameters = asked[-1]
        found = await tx.exec_driver_sql(f"EXPLAIN QUERY PLAN {statement}", parameters)
        plan = " ".join(row[3] for row in found)
    assert way in plan
