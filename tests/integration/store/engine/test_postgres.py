"""What is PostgreSQL's own: what a process leaves behind there that stands still."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime, timedelta

import pytest

from bot.store.engine import postgres
from bot.store.engine.database import UNAVAILABLE, Database, open_database
from bot.store.operations import leases


@pytest.mark.postgres
async def test_rows_that_a_frozen_process_holds_are_let_go(
    postgres_db: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    now, ttl = datetime(2026, 12, 1, tzinfo=UTC), timedelta(seconds=8)
    async with postgres_db.write() as tx:
        await leases.take(tx, "courier", "first", now, ttl=ttl)
    monkeypatch.setattr(postgres, "IDLE_MS", 300)
    frozen = open_database(postgres_db.url.render_as_string(hide_password=False))
    holding = frozen.write()
    tx = await holding.__aenter__()
    await leases.renew(tx, ["courier"], "first", now, ttl=ttl)
    # It says nothing more from here on, as a process that was stopped or cut off.
    async with asyncio.timeout(60), postgres_db.write() as other:
        assert await leases.renew(other, ["courier"], "first", now, ttl=ttl) == {"courier"}
    with pytest.raises(UNAVAILABLE):
        await holding.__aexit__(None, None, None)
    async with frozen.read() as again:
        assert await leases.held(again, "courier")
    await frozen.close()
