"""Rows that refer to what is not there: where somebody else wrote into an SQLite file without looking."""

from __future__ import annotations

from collections import Counter

from sqlalchemy import text

from bot.store.engine.database import Transaction


async def orphans(tx: Transaction) -> list[str]:
    """Return in words how many rows of which table refer to what is not there. PostgreSQL takes none such."""
    if tx.dialect.name != "sqlite":
        return []
    found = Counter((row[0], row[2]) for row in await tx.execute(text("PRAGMA foreign_key_check")))
    return [f"{table} has {rows} without their {parent}" for (table, parent), rows in found.items()]
