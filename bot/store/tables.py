"""Every table, in the order of an article's way. Migrations are derived from here and tested against it."""

from __future__ import annotations

from sqlalchemy import (
    JSON,
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
    UniqueConstraint,
    text,
)

from bot.model.article import Status
from bot.model.bulletin import BulletinKind
from bot.model.chat import ChatKind, ChatState
from bot.model.delivery import Lane, State, SubjectKind
from bot.store.schema import Id, metadata, only
from bot.store.types import Instant, Number, Word

bot = Table(
    "bot",
    metadata,
    Column("id", BigInteger, primary_key=True, autoincrement=False),
    Column("username", String(64), nullable=False, server_default=""),
    Column("paused_until", Instant),
    Column("seen_at", Instant),
)

lease = Table(
    "lease",
    metadata,
    Column("name", String(64), primary_key=True),
    Column("owner", String(64), nullable=False),
    Column("until", Instant, nullable=False),
)

topic = Table(
    "topic",
    metadata,
    Column("id", Id, primary_key=True),
    Column("slug", String(40), nullable=False, unique=True),
    Column("parent_id", Id, ForeignKey("topic.id")),
    Column("names", JSON, nullable=False),
    Column("aliases", JSON, nullable=False),
    Column("keywords", JSON, nullable=False),
    Column("origin", String(16), nullable=False),
    Column("position", Integer, nullable=False, server_default="0"),
    Column("retired_at", Instant),
)

feed = Table(
    "feed",
    metadata,
    Column("id", Id, primary_key=True),
    Column("url", Text, nullable=False, unique=True),
    Column("name", Text, nullable=False, server_default=""),
    Column("topics", JSON, nullable=False),
    Column("language", String(8), nullable=False),
    Column("publish", String(8), nullable=False),
    Column("backfill", Integer, nullable=False, server_default="0"),
    Column("interval", Integer, nullable=False),
    Column("origin", String(16), nullable=False),
    Column("retired_at", Instant),
    Column("etag", Text),
    Column("last_modified", Text),
    Column("next_poll_at", Instant, nullable=False),
    Column("first_polled_at", Instant),
    Column("last_ok_at", Instant),
    Column("failures", Integer, nullable=False, server_default="0"),
    Column("last_error", Text),
    Index(None, "next_poll_at"),
)

article = Table(
    "article",
    metadata,
    Column("id", Id, primary_key=True),
    Column("source", String(64), nullable=False),
    Column("source_uid", String(512), nullable=False),
    Column("status", Word(Status), nullable=False),
    Column("revision", Integer, nullable=False),
    Column("flash", Boolean, nullable=False, server_default=text("false")),
    Column("created_at", Instant, nullable=False),
    Column("published_at", Instant),
    Column("release_at", Instant),
    Column("embargo_until", Instant),
    Column("revised_at", Instant),
    UniqueConstraint("source", "source_uid"),
    Index(None, "status", "published_at"),
    Index(None, "release_at"),
)

revision = Table(
    "revision",
    metadata,
    Column("article_id", Id, ForeignKey("article.id", ondelete="CASCADE"), primary_key=True),
    Column("number", Integer, primary_key=True),
    Column("headline", Text, nullable=False),
    Column("lead", Text, nullable=False),
    Column("dateline", Text, nullable=False),
    Column("blocks", JSON, nullable=False),
    Column("picture", JSON),
    Column("language", String(8), nullable=False),
    Column("url", Text),
    Column("source_name", Text, nullable=False, server_default=""),
    Column("fingerprint", String(64), nullable=False),
    Column("created_at", Instant, nullable=False),
    Column("created_by", BigInteger),
    Column("note", Text, nullable=False, server_default=""),
)

article_topic = Table(
    "article_topic",
    metadata,
    Column("topic_id", Id, ForeignKey("topic.id"), primary_key=True),
    Column("article_id", Id, ForeignKey("article.id", ondelete="CASCADE"), primary_key=True),
    Index(None, "article_id"),
    sqlite_with_rowid=False,
)

chat = Table(
    "chat",
    metadata,
    Column("id", Id, primary_key=True),
    Column("bot_id", BigInteger, ForeignKey("bot.id"), nullable=False),
    Column("telegram_id", BigInteger, nullable=False),
    Column("kind", Word(ChatKind), nullable=False),
    Column("title", Text, nullable=False, server_default=""),
    Column("state", Word(ChatState), nullable=False),
    Column("state_reason", String(64), nullable=False, server_default=""),
    Column("state_at", Instant, nullable=False),
    Column("created_at", Instant, nullable=False),
    Column("language", String(8), nullable=False),
    Column("zone", String(64), nullable=False),
    Column("instant", Boolean, nullable=False, server_default=text("true")),
    # Minutes after local midnight; the moment it next falls due is a column so that SQL can find it.
    Column("digest_minute", SmallInteger),
    Column("digest_also", SmallInteger),
    Column("digest_size", SmallInteger),
    Column("digest_empty", Boolean, nullable=False, server_default=text("false")),
    Column("digest_due", Instant),
    Column("digest_last", Instant),
    Column("quiet_from", SmallInteger),
    Column("quiet_to", SmallInteger),
    Column("quiet_until", Instant),
    Column("paused_until", Instant),
    Column("thread_id", BigInteger),
    Column("invited_by", BigInteger),
    # NULL: as the newsroom has it.
    Column("form", String(8)),
    Column("pictures", Boolean),
    UniqueConstraint("bot_id", "telegram_id"),
    only("ix_chat_digest_due", "digest_due", where="digest_due IS NOT NULL"),
    only("ix_chat_invited_by", "invited_by", where="invited_by IS NOT NULL"),
    sqlite_autoincrement=True,
)

subscription = Table(
    "subscription",
    metadata,
    Column("topic_id", Id, ForeignKey("topic.id"), primary_key=True),
    Column("chat_id", Id, ForeignKey("chat.id", ondelete="CASCADE"), primary_key=True),
    Column("muted", Boolean, nullable=False, server_default=text("false")),
    Column("thread_id", BigInteger),
    Column("since", Instant, nullable=False),
    # In which order the chat has its topics; NULL: after those, as they were followed.
    Column("position", SmallInteger),
    Index(None, "chat_id"),
    sqlite_with_rowid=False,
)

bulletin = Table(
    "bulletin",
    metadata,
    Column("id", Id, primary_key=True),
    # Whoever decides the same thing twice finds the first decision: a double press sends once.
    Column("key", String(128), nullable=False, unique=True),
    Column("article_id", Id, ForeignKey("article.id", ondelete="CASCADE"), nullable=False),
    Column("revision", Integer, nullable=False),
    Column("kind", Word(BulletinKind), nullable=False),
    Column("lane", Number(Lane), nullable=False),
    Column("everybody", Boolean, nullable=False, server_default=text("false")),
    Column("created_at", Instant, nullable=False),
    Column("created_by", BigInteger),
    Column("ceiling", BigInteger, nullable=False),
    Column("cursor", BigInteger, nullable=False, server_default="0"),
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
    Index(None, "article_id"),
    only("ix_bulletin_unplanned", "lane", "id", where="planned_at IS NULL"),
    only("ix_bulletin_unswept", "id", where="sweep_cursor IS NOT NULL"),
)

digest = Table(
    "digest",
    metadata,
    Column("id", Id, primary_key=True),
    Column("chat_id", Id, ForeignKey("chat.id", ondelete="CASCADE"), nullable=False),
    Column("revision", Integer, nullable=False, server_default="1"),
    # It tells what was published after `since` and up to `created_at`.
    Column("since", Instant, nullable=False),
    Column("created_at", Instant, nullable=False),
    Index(None, "chat_id"),
    sqlite_autoincrement=True,
)

digest_article = Table(
    "digest_article",
    metadata,
    Column("digest_id", Id, ForeignKey("digest.id", ondelete="CASCADE"), primary_key=True),
    Column("article_id", Id, ForeignKey("article.id", ondelete="CASCADE"), primary_key=True),
    Column("position", Integer, nullable=False),
    # The topic under which the chat reads it, NULL where it stands under none.
    Column("topic_id", Id),
    Index(None, "article_id"),
    sqlite_with_rowid=False,
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
    Index(None, "chat_id"),
    sqlite_with_rowid=False,
)

# Telegram's own id of a picture once sent: valid for one bot, spares every further upload. `digest` is the
# SHA-256 of what was fetched.
media = Table(
    "media",
    metadata,
    Column("bot_id", BigInteger, primary_key=True, autoincrement=False),
    Column("url", Text, primary_key=True),
    Column("file_id", Text, nullable=False),
    Column("digest", String(64)),
    Column("learnt_at", Instant, nullable=False),
    Index(None, "bot_id", "digest"),
)

# What paid broadcasts cost, in messages by day (UTC): the ceiling is kept across restarts.
paid = Table(
    "paid",
    metadata,
    Column("bot_id", BigInteger, primary_key=True, autoincrement=False),
    Column("day", String(10), primary_key=True),
    Column("messages", BigInteger, nullable=False),
)

editor = Table(
    "editor",
    metadata,
    Column("bot_id", BigInteger, ForeignKey("bot.id"), primary_key=True),
    Column("user_id", BigInteger, primary_key=True, autoincrement=False),
    Column("name", Text, nullable=False, server_default=""),
    Column("added_by", BigInteger, nullable=False),
    Column("added_at", Instant, nullable=False),
)

card = Table(
    "card",
    metadata,
    Column("id", Id, primary_key=True),
    Column("bot_id", BigInteger, ForeignKey("bot.id"), nullable=False),
    Column("article_id", Id, ForeignKey("article.id", ondelete="CASCADE")),
    Column("telegram_chat_id", BigInteger, nullable=False),
    Column("user_id", BigInteger, nullable=False),
    Column("state", String(16), nullable=False),
    Column("everybody", Boolean, nullable=False, server_default=text("true")),
    Column("topics", JSON, nullable=False),
    Column("preview_id", BigInteger),
    Column("control_id", BigInteger),
    Column("bulletin_id", Id, ForeignKey("bulletin.id")),
    Column("created_at", Instant, nullable=False),
    Column("sent_at", Instant),
    Column("refreshed_at", Instant),
    Index(None, "bot_id", "telegram_chat_id", "preview_id"),
    Index(None, "state"),
)

told = Table(
    "told",
    metadata,
    Column("key", String(128), primary_key=True),
    Column("at", Instant, nullable=False),
)

audit = Table(
    "audit",
    metadata,
    Column("id", Id, primary_key=True),
    Column("at", Instant, nullable=False),
    Column("actor", BigInteger),
    Column("verb", String(32), nullable=False),
    Column("article_id", BigInteger),
    Column("revision", Integer),
    Column("detail", Text, nullable=False, server_default=""),
)
