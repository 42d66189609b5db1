"""Stories as people put them into chats where the bot need not be.

Migrations are derived from here and tested against it.
"""

from __future__ import annotations

from datetime import UTC, datetime

from sqlalchemy import BigInteger, Column, ForeignKey, Index, Integer, SmallInteger, String, Table

from bot.store.engine.schema import Id, metadata, only
from bot.store.engine.types import Instant

AT_ONCE = datetime(1970, 1, 1, tzinfo=UTC)
"""Due before all else."""

# Telegram's name of the message says neither where it stands nor who put it there.
shared_story = Table(
    "shared_story",
    metadata,
    Column("bot_id", BigInteger, primary_key=True, autoincrement=False),
    Column("inline_message_id", String(128), primary_key=True),
    Column("article_id", Id, ForeignKey("article.id", ondelete="CASCADE"), nullable=False),
    Column("revision", Integer, nullable=False),
    # For whom it was rendered.
    Column("language", String(8), nullable=False),
    Column("zone", String(64), nullable=False),
    Column("shared_at", Instant, nullable=False),
    # From when on it is to be put right; NULL: it stands as it should.
    Column("due_at", Instant),
    Column("attempts", SmallInteger, nullable=False, server_default="0"),
    Index(None, "article_id"),
    Index(None, "shared_at"),
    only("ix_shared_story_due", "bot_id", "due_at", where="due_at IS NOT NULL"),
)
