"""What outlives the ledger's rows: counts of pushes, of stories, of comings and goings, of audiences. Never who.

Migrations are derived from here and tested against it.
"""

from __future__ import annotations

from sqlalchemy import JSON, BigInteger, Boolean, Column, Index, Integer, String, Table

from bot.model.bulletin import BulletinKind
from bot.store.engine.schema import metadata
from bot.store.engine.types import Instant, Word

push_count = Table(
    "push_count",
    metadata,
    Column("bulletin_id", BigInteger, primary_key=True, autoincrement=False),
    Column("article_id", BigInteger, nullable=False),
    Column("kind", Word(BulletinKind), nullable=False),
    Column("flash", Boolean, nullable=False),
    # When its first message could leave.
    Column("started_at", Instant, nullable=False),
    Column("planned", Integer, nullable=False),
    Column("accepted", Integer, nullable=False),
    Column("waiting", Integer, nullable=False),
    # Those whom their own quiet hours kept waiting: they are in no time.
    Column("later", Integer, nullable=False),
    Column("in_doubt", Integer, nullable=False),
    # By reason.
    Column("skipped", JSON, nullable=False),
    # Seconds until each tenth had it, the fifth and the ninth of them in milliseconds, how many within 30, 60, 120 s.
    Column("tenths", JSON, nullable=False),
    Column("half_ms", BigInteger),
    Column("most_ms", BigInteger),
    Column("within", JSON, nullable=False),
    Index(None, "article_id"),
    Index(None, "started_at"),
)

push_failure = Table(
    "push_failure",
    metadata,
    Column("bulletin_id", BigInteger, primary_key=True, autoincrement=False),
    Column("reason", String(64), primary_key=True),
    Column("number", Integer, nullable=False),
    sqlite_with_rowid=False,
)

story_count = Table(
    "story_count",
    metadata,
    Column("article_id", BigInteger, primary_key=True, autoincrement=False),
    # 'read', or a reaction's own sign.
    Column("name", String(64), primary_key=True),
    # The channel or group of which Telegram tells totals; 0: whatever is added up one by one.
    Column("chat_id", BigInteger, primary_key=True, autoincrement=False),
    Column("total", BigInteger, nullable=False),
    sqlite_with_rowid=False,
)

# How many chats of a bot began and ceased to read, by quarters of an hour, in which every zone's days begin.
chat_flow = Table(
    "chat_flow",
    metadata,
    Column("bot_id", BigInteger, primary_key=True, autoincrement=False),
    Column("at", Instant, primary_key=True),
    Column("gained", Integer, nullable=False),
    Column("lost", Integer, nullable=False),
    sqlite_with_rowid=False,
)

# How many chats a bot has by kind, and a topic by those who follow it or a section above it.
audience_count = Table(
    "audience_count",
    metadata,
    Column("bot_id", BigInteger, primary_key=True, autoincrement=False),
    # 'kind:private', 'topic:7'.
    Column("name", String(32), primary_key=True),
    Column("chats", BigInteger, nullable=False),
    sqlite_with_rowid=False,
)
