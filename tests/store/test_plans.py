"""How SQLite finds what is asked for every few seconds: among a million chats it must not look at each."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from datetime import UTC, datetime
from typing import Any

import pytest
from sqlalchemy import event
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.store import digests, troubles
from bot.store.database import Database

NOW = datetime(2026, 3, 1, 9, tzinfo=UTC)


@pytest.mark.parametrize(
    ("ask", "way"),
    [
        pytest.param(lambda tx: digests.due(tx, 700700, NOW, 20), "ix_chat_digest_due", id="digests due"),
        pytest.param(lambda tx: troubles.lost_chats(tx, 700700, NOW, 20), "telegram_id<", id="lost chats"),
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
