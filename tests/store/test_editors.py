"""Editors are added once and removed once."""

from __future__ import annotations

from datetime import UTC, datetime

from sqlalchemy import insert

from bot.store import editors
from bot.store.database import Database, reads, writes
from bot.store.tables import bot

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)


async def test_an_editor_is_added_once_and_removed_once(db: Database) -> None:
    async with db.writer.begin() as tx:
        await tx.execute(insert(bot), [{"id": 1}, {"id": 2}])
    add, remove, is_editor = writes(editors.add), writes(editors.remove), reads(editors.is_editor)
    assert await add(db, 1, 5, "Анна", by=9, at=NOW)
    assert not await add(db, 1, 5, "Анна", by=9, at=NOW)
    assert await is_editor(db, 1, 5)
    assert not await is_editor(db, 2, 5)
    assert await reads(editors.listing)(db, 1) == [editors.Editor(5, "Анна", 9, NOW)]
    assert await remove(db, 1, 5)
    assert not await remove(db, 1, 5)
    assert await reads(editors.listing)(db, 1) == []
