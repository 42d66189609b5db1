"""Stories that editors picked by hand for a digest.

Migrations are derived from here and tested against it.
"""

from __future__ import annotations

from sqlalchemy import BigInteger, Boolean, Column, ForeignKey, Integer, SmallInteger, String, Table, text

from bot.model.desk.highlights import HighlightsState
from bot.store.engine.schema import Id, metadata, only
from bot.store.engine.types import Instant, Word

highlights = Table(
    "highlights",
    metadata,
    Column("id", Id, primary_key=True),
    Column("bot_id", BigInteger, ForeignKey("bot.id"), nullable=False),
    Column("state", Word(HighlightsState), nullable=False),
    Column("version", Integer, nullable=False, server_default="1"),
    Column("headline", String(128), nullable=False, server_default=""),
    Column("everybody", Boolean, nullable=False, server_default=text("false")),
    Column("made_by", BigInteger),
    Column("made_at", Instant, nullable=False),
    Column("release_at", Instant),
    Column("zone", String(64), nullable=False, server_default=""),
    Column("cursor", BigInteger, nullable=False, server_default="0"),
    Column("ceiling", BigInteger, nullable=False, server_default="0"),
    only("ix_highlights_at_work", "bot_id", "state", where="state NOT IN ('done', 'dropped')"),
    # A number must never serve twice: buttons outlive what it named.
    sqlite_autoincrement=True,
)

highlights_article = Table(
    "highlights_article",
    metadata,
    Column("highlights_id", Id, ForeignKey("highlights.id", ondelete="CASCADE"), primary_key=True),
    Column("article_id", Id, ForeignKey("article.id", ondelete="CASCADE"), primary_key=True),
    Column("position", SmallInteger, nullable=False),
    sqlite_with_rowid=False,
)
