"""Decisions to tell, what each chat is to be shown of them, and the messages that stand there.

Migrations are derived from here and tested against it.
"""

from __future__ import annotations

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    ForeignKey,
    Index,
    Integer,
    SmallInteger,
    String,
    Table,
    Text,
    text,
)

from bot.model.audience import ToldTo
from bot.model.bulletin import BulletinKind
from bot.model.delivery import Lane, Manner, State, SubjectKind
from bot.store.engine.schema import Id, metadata, only
from bot.store.engine.types import Instant, LanguageCodes, Number, Word

HELD_BACK = "planned_at IS NULL AND cursor = 0 AND not_before > created_at"
"""What is true of a bulletin that waits for its start: nobody is told yet, and the story is to be seen nowhere."""

bulletin = Table(
    "bulletin",
    metadata,
    Column("id", Id, primary_key=True),
    # Whoever decides the same thing twice finds the first decision: a double press sends once.
    Column("key", String(128), nullable=False, unique=True),
    # NULL: for the chats of all bots.
    Column("bot_id", BigInteger),
    Column("article_id", Id, ForeignKey("article.id", ondelete="CASCADE"), nullable=False),
    Column("revision", Integer, nullable=False),
    Column("kind", Word(BulletinKind), nullable=False),
    Column("lane", Number(Lane), nullable=False),
    Column("everybody", Boolean, nullable=False, server_default=text("false")),
    # Which languages the chats must read; NULL: whatever they read.
    Column("languages", LanguageCodes),
    Column("created_at", Instant, nullable=False),
    Column("created_by", BigInteger),
    Column("ceiling", BigInteger, nullable=False),
    Column("cursor", BigInteger, nullable=False, server_default="0"),
    # How many were planned so far.
    Column("deliveries", Integer, nullable=False, server_default="0"),
    Column("planned_at", Instant),
    Column("stopped_at", Instant),
    Column("stopped_by", BigInteger),
    Column("stop_reason", Text, nullable=False, server_default=""),
    Column("paused_at", Instant),
    Column("paused_by", BigInteger),
    # Kept when it goes on: what was paused by itself once is an editor's business from then on.
    Column("pause_reason", Text, nullable=False, server_default=""),
    # Up to which chat a stop, a pause or its end has reached the deliveries; NULL: all of them.
    Column("sweep_cursor", BigInteger),
    # Nothing of it leaves before; NULL: at once.
    Column("not_before", Instant),
    # The story to whose messages this one replies; its readers are told too, or they alone.
    Column("reply_to", BigInteger),
    Column("holders_only", Boolean, nullable=False, server_default=text("false")),
    # Those alone who follow the story that it replies to, or who watch for its words. NULL: as said above.
    Column("told_to", Word(ToldTo)),
    Column("manner", Number(Manner), nullable=False, server_default="0"),
    # When its figures are counted next; NULL: they are final.
    Column("count_at", Instant),
    Index(None, "article_id"),
    only("ix_bulletin_unplanned", "lane", "id", where="planned_at IS NULL"),
    only("ix_bulletin_unswept", "id", where="sweep_cursor IS NOT NULL"),
    # News of which no reader may hear yet: within the moment in which it can be taken back.
    only("ix_bulletin_held_back", "article_id", where=HELD_BACK),
    only("ix_bulletin_uncounted", "count_at", where="count_at IS NOT NULL"),
)

delivery = Table(
    "delivery",
    metadata,
    Column("bot_id", BigInteger, primary_key=True, autoincrement=False),
    Column("kind", Number(SubjectKind), primary_key=True),
    Column("subject_id", BigInteger, primary_key=True, autoincrement=False),
    Column("chat_id", Id, ForeignKey("chat.id", ondelete="CASCADE"), primary_key=True, autoincrement=False),
    Column("bulletin_id", Id),
    Column("lane", Number(Lane), nullable=False),
    Column("wanted", Integer, nullable=False),
    Column("shown", Integer),
    Column("thread_id", BigInteger),
    Column("due_at", Instant, nullable=False),
    Column("expires_at", Instant),
    Column("state", Number(State), nullable=False, server_default="0"),
    Column("lease_until", Instant),
    Column("attempts", SmallInteger, nullable=False, server_default="0"),
    Column("reason", String(64)),
    Column("accepted_at", Instant),
    # A claim reads the head of this: what is due longest first, and within one moment by subject.
    only("ix_delivery_waiting", "bot_id", "lane", "due_at", "subject_id", "chat_id", where="state = 0"),
    only("ix_delivery_claimed", "bot_id", "lease_until", where="state = 1"),
    only("ix_delivery_doubt", "bot_id", "subject_id", where="state = 5"),
    Index(None, "chat_id"),
    sqlite_with_rowid=False,
)

message = Table(
    "message",
    metadata,
    Column("bot_id", BigInteger, primary_key=True, autoincrement=False),
    Column("kind", Number(SubjectKind), primary_key=True),
    Column("subject_id", BigInteger, primary_key=True, autoincrement=False),
    Column("chat_id", Id, ForeignKey("chat.id", ondelete="CASCADE"), primary_key=True, autoincrement=False),
    Column("part", SmallInteger, primary_key=True, autoincrement=False),
    Column("message_id", BigInteger, nullable=False),
    Column("revision", Integer, nullable=False),
    Column("form", String(8), nullable=False),
    Column("sent_at", Instant, nullable=False),
    # Also by the message alone: an editor forwards one, or answers it.
    Index(None, "chat_id", "message_id"),
    sqlite_with_rowid=False,
)
