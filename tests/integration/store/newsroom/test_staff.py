"""Rights are given once and taken once; whoever read an older version changes nothing."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import delete, insert, update
from sqlalchemy.exc import DBAPIError

from bot.model.newsroom.grant import Grant
from bot.model.newsroom.role import EDITOR
from bot.store.engine.database import Database
from bot.store.newsroom import audit, staff
from bot.store.newsroom.tables import audit as audit_table
from bot.store.tables.operations import bot
from tests.support.transactions import reads, writes

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)
put, get, listing = writes(staff.put), reads(staff.get), reads(staff.listing)


async def two_bots(db: Database) -> None:
    async with db.writer.begin() as tx:
        await tx.execute(insert(bot), [{"id": 1}, {"id": 2}])


async def test_an_editor_is_added_once_and_removed_once(db: Database) -> None:
    await two_bots(db)
    anna = Grant(5, "Анна", EDITOR.rights, given_by=9, given_at=NOW)
    assert await put(db, 1, anna)
    assert not await put(db, 1, anna)
    kept = await get(db, 1, 5)
    assert kept == replace(anna, version=1)
    assert await get(db, 2, 5) is None
    assert await listing(db, 1) == [kept]
    assert await put(db, 1, replace(kept, rights=frozenset()))
    assert not await put(db, 1, replace(kept, rights=frozenset()))
    assert await listing(db, 1) == []


async def test_topics_and_a_time_are_kept_as_they_were_given(db: Database) -> None:
    await two_bots(db)
    given = Grant(5, "Анна", EDITOR.rights, frozenset({3, 4}), NOW + timedelta(days=2), 9, NOW)
    assert await put(db, 1, given)
    assert await get(db, 1, 5) == replace(given, version=1)
    assert await put(db, 1, replace(given, topics=None, until=None, version=1))
    kept = await get(db, 1, 5)
    assert kept
    assert (kept.topics, kept.until) == (None, None)


async def test_an_end_is_noticed_once(db: Database) -> None:
    await two_bots(db)
    await put(db, 1, Grant(5, "Анна", EDITOR.rights, None, NOW, 9, NOW - timedelta(days=1)))
    assert not await reads(staff.any_ended)(db, 1, NOW - timedelta(seconds=1))
    assert await reads(staff.any_ended)(db, 1, NOW)
    take = writes(staff.take_ended)
    assert [grant.user_id for grant in await take(db, 1, NOW)] == [5]
    assert await take(db, 1, NOW) == []


async def test_the_audit_is_only_ever_added_to(db: Database) -> None:
    await writes(audit.add)(db, NOW, 5, "publish")
    for statement in (update(audit_table).values(verb="kill"), delete(audit_table)):
        with pytest.raises(DBAPIError, match="only ever added to"):
            async with db.write() as tx:
                await tx.execute(statement)
    (deed,) = await reads(audit.recent)(db, 5)
    assert (deed.actor, deed.verb) == (5, "publish")
