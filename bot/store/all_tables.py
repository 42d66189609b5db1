"""Every module of tables. A table registers itself with the metadata when its module is imported."""

from __future__ import annotations

from bot.store.engine.schema import metadata
from bot.store.newsroom import tables as newsroom
from bot.store.tables import (
    audience,
    desk,
    figures,
    highlights,
    ledger,
    operations,
    places,
    search,
    shared,
    watch,
)

MODULES = (audience, desk, figures, highlights, ledger, newsroom, operations, places, search, shared, watch)

__all__ = ["MODULES", "metadata"]
