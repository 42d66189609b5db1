"""Where in chats news comes and what stands below it: threads, footers, and what is told of troubles there.

Migrations are derived from here and tested against it.
"""

from __future__ import annotations

from sqlalchemy import BigInteger, Column, ForeignKey, Index, String, Table, Text, UniqueConstraint

from bot.model.places.notice import ChatTrouble
from bot.model.places.thread import NAME_CHARACTERS
from bot.store.engine.schema import Id, metadata, only
from bot.store.engine.types import Instant, Word

# Threads of forums that somebody chose, and those that the bot opened in private chats.
thread = Table(
    "thread",
    metadata,
    Column("chat_id", Id, ForeignKey("chat.id", ondelete="CASCADE"), primary_key=True, autoincrement=False),
    Column("thread_id", BigInteger, primary_key=True, autoincrement=False),
    Column("name", String(NAME_CHARACTERS), nullable=False, server_default=""),
    # The section for which the bot opened it; NULL: people did.
    Column("topic_id", Id),
    sqlite_with_rowid=False,
)

# The line under posts: chats with the same words share the row, and so what is rendered. Never changed.
footer = Table(
    "footer",
    metadata,
    Column("id", Id, primary_key=True),
    Column("words", Text, nullable=False, unique=True),
    sqlite_autoincrement=True,
)

chat_notice = Table(
    "chat_notice",
    metadata,
    Column("id", Id, primary_key=True),
    Column("bot_id", BigInteger, ForeignKey("bot.id"), nullable=False),
    Column("chat_id", Id, ForeignKey("chat.id", ondelete="CASCADE"), nullable=False),
    Column("user_id", BigInteger, nullable=False),
    Column("trouble", Word(ChatTrouble), nullable=False),
    Column("thread_id", BigInteger, nullable=False, server_default="0"),
    Column("detail", String(NAME_CHARACTERS), nullable=False, server_default=""),
    Column("noted_at", Instant, nullable=False),
    # NULL: still to be told.
    Column("told_at", Instant),
    # When it was right again; NULL: it is not.
    Column("ended_at", Instant),
    UniqueConstraint("chat_id", "user_id", "trouble", "thread_id"),
    only("ix_chat_notice_untold", "bot_id", "noted_at", where="told_at IS NULL"),
    Index(None, "user_id"),
    sqlite_autoincrement=True,
)
