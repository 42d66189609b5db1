"""INSERT … ON CONFLICT, which SQLAlchemy has only for each database apart."""

from __future__ import annotations

from sqlalchemy import Table
from sqlalchemy.dialects import postgresql, sqlite

from bot.store.engine.database import Transaction


def upsert(tx: Transaction, table: Table) -> sqlite.Insert:
    """Return an INSERT that takes `on_conflict_do_nothing` and `on_conflict_do_update` on this database.

    Both databases' statements have the same methods, so that one type serves.
    """
    if tx.dialect.name == "sqlite":
        return sqlite.insert(table)
    return postgresql.insert(table)  # type: ignore[return-value]
