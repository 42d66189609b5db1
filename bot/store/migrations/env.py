"""Alembic's entry: runs on the connection that `bot.store.engine.migrate` hands over."""

from alembic import context

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

TABLES = (audience, desk, figures, highlights, ledger, newsroom, operations, places, search, shared, watch)
"""Every table registers itself with the metadata when its module is imported."""

connection = context.config.attributes["connection"]
context.configure(
    connection=connection,
    target_metadata=metadata,
    render_as_batch=connection.dialect.name == "sqlite",
    compare_type=True,
)
with context.begin_transaction():
    context.run_migrations()
