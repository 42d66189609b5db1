"""What the newsroom keeps: topics, feeds, articles with their revisions, staff, cards, audit.

Migrations are derived from here and tested against it.
"""

from __future__ import annotations

from sqlalchemy import (
    JSON,
    BigInteger,
    Boolean,
    Column,
    ForeignKey,
    Index,
    Integer,
    String,
    Table,
    Text,
    UniqueConstraint,
    text,
)

from bot.model.delivery import Manner
from bot.model.story.article import Status
from bot.store.engine.schema import Id, metadata, only
from bot.store.engine.types import Instant, LanguageCodes, Number, Word

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
    # What the newsroom file said of it at the last reading; NULL: the file does not name it.
    Column("declared", JSON(none_as_null=True)),
    Column("paused_at", Instant),
    # Grows with each change from the chat, and who made the last one.
    Column("version", Integer, nullable=False, server_default="1"),
    Column("changed_by", BigInteger),
    # Into which topic it was merged: its slug leads there.
    Column("merged_into", BigInteger),
)

feed = Table(
    "feed",
    metadata,
    Column("id", Id, primary_key=True),
    Column("kind", String(16), nullable=False, server_default="feed"),
    Column("url", Text, nullable=False, unique=True),
    Column("name", Text, nullable=False, server_default=""),
    Column("topics", JSON, nullable=False),
    Column("language", String(8), nullable=False),
    Column("publish", String(8), nullable=False),
    Column("backfill", Integer, nullable=False, server_default="0"),
    Column("interval", Integer, nullable=False),
    Column("origin", String(16), nullable=False),
    Column("retired_at", Instant),
    Column("cursor", JSON, nullable=False, server_default=text("'{}'")),
    Column("next_poll_at", Instant, nullable=False),
    Column("first_polled_at", Instant),
    Column("last_ok_at", Instant),
    Column("failures", Integer, nullable=False, server_default="0"),
    Column("last_error", Text),
    # What the newsroom file said of it at the last reading; NULL: the file does not name it.
    Column("declared", JSON(none_as_null=True)),
    Column("paused_at", Instant),
    # Grows with each change from the chat, and who made the last one.
    Column("version", Integer, nullable=False, server_default="1"),
    Column("changed_by", BigInteger),
    # When an owner removed it: no file brings it back while the file goes on naming it.
    Column("removed_at", Instant),
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
    # What the source last said, so that what editors changed stands until the source says something new.
    Column("source_version", JSON),
    # In which zone `release_at` or `embargo_until` was given.
    Column("zone", String(64), nullable=False, server_default=""),
    Column("update_of", BigInteger),
    # For readers of which languages; NULL: the story's own.
    Column("languages", LanguageCodes),
    # The imprint of what was approved: any other text, topics or languages are not approved.
    Column("approval", String(64)),
    Column("approved_by", BigInteger),
    Column("approved_at", Instant),
    # Why the story was taken back.
    Column("reason", Text, nullable=False, server_default=""),
    Column("unreviewed", Boolean, nullable=False, server_default=text("false")),
    UniqueConstraint("source", "source_uid"),
    Index(None, "status", "published_at"),
    Index(None, "status", "id"),
    only("ix_article_update_of", "update_of", where="update_of IS NOT NULL"),
    only("ix_article_unreviewed", "id", where="unreviewed"),
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

# Who edits a draft. A lock falls by itself: `seen_at` is when its holder did something last.
lock = Table(
    "draft_lock",
    metadata,
    Column("article_id", Id, ForeignKey("article.id", ondelete="CASCADE"), primary_key=True),
    Column("user_id", BigInteger, nullable=False),
    Column("action", String(16), nullable=False),
    Column("since", Instant, nullable=False),
    Column("seen_at", Instant, nullable=False),
)

# Which links of a story's revision led nowhere when they were looked at last.
link_look = Table(
    "link_look",
    metadata,
    Column("article_id", Id, ForeignKey("article.id", ondelete="CASCADE"), primary_key=True),
    Column("revision", Integer, nullable=False),
    Column("dead", JSON, nullable=False),
    Column("at", Instant, nullable=False),
)

# What an editor would have a published story say, before any reader sees it. `base` is the revision that it began from.
proposal = Table(
    "proposal",
    metadata,
    Column("article_id", Id, ForeignKey("article.id", ondelete="CASCADE"), primary_key=True),
    Column("user_id", BigInteger, primary_key=True, autoincrement=False),
    Column("base", Integer, nullable=False),
    Column("version", Integer, nullable=False),
    Column("content", JSON, nullable=False),
    # NULL: the topics stay.
    Column("topics", JSON(none_as_null=True)),
    Column("at", Instant, nullable=False),
)

# A story as a second source tells it, or its own source under a second identity. The first telling is the article.
telling = Table(
    "telling",
    metadata,
    Column("source", String(64), primary_key=True),
    Column("source_uid", String(512), primary_key=True),
    Column("article_id", Id, ForeignKey("article.id", ondelete="CASCADE"), nullable=False),
    # In one form, without what only counts clicks; empty where there is none.
    Column("link", Text, nullable=False, server_default=""),
    Column("content", JSON, nullable=False),
    Column("source_version", JSON, nullable=False),
    Column("published_at", Instant),
    Column("joined_at", Instant, nullable=False),
    Index(None, "article_id"),
)

# Under which numbers stories of the last weeks are looked up: a link's, a headline's, a text's.
story_key = Table(
    "story_key",
    metadata,
    Column("key", BigInteger, primary_key=True, autoincrement=False),
    Column("article_id", BigInteger, primary_key=True, autoincrement=False),
    Column("at", Instant, nullable=False),
    Index(None, "at"),
    sqlite_with_rowid=False,
)

# An edit of a source's that would take something from readers, until the source takes the edit back or mends it.
held_edit = Table(
    "held_edit",
    metadata,
    Column("article_id", Id, ForeignKey("article.id", ondelete="CASCADE"), primary_key=True),
    Column("source", String(64), nullable=False),
    Column("reason", String(16), nullable=False),
    Column("content", JSON, nullable=False),
    Column("at", Instant, nullable=False),
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

# Who may do what, beside the owners that the settings name. Whoever lost their rights keeps the row, without rights.
staff = Table(
    "staff",
    metadata,
    Column("bot_id", BigInteger, ForeignKey("bot.id"), primary_key=True),
    Column("user_id", BigInteger, primary_key=True, autoincrement=False),
    Column("name", Text, nullable=False, server_default=""),
    Column("rights", JSON, nullable=False),
    # NULL: all topics.
    Column("topics", JSON(none_as_null=True)),
    Column("until", Instant),
    Column("given_by", BigInteger, nullable=False),
    Column("given_at", Instant, nullable=False),
    Column("version", Integer, nullable=False, server_default="1"),
    # When the bot noticed that the rights had ended.
    Column("ended_at", Instant),
    # The message that told the person, and when.
    Column("told_id", BigInteger),
    Column("told_at", Instant),
)

# How far an owner came with the set-up of a bot: what can't be told from topics and feeds.
setup = Table(
    "setup",
    metadata,
    Column("bot_id", BigInteger, ForeignKey("bot.id"), primary_key=True, autoincrement=False),
    Column("settled_at", Instant),
    # When the owner was asked for a channel.
    Column("asked_at", Instant),
    # The test channel, by its Telegram id, and when a story was shown there.
    Column("channel_id", BigInteger),
    Column("shown_at", Instant),
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
    # NULL: the story's own.
    Column("languages", LanguageCodes),
    Column("manner", Number(Manner), nullable=False, server_default="0"),
    # Of a story that stood at the desk before.
    Column("of_story", Boolean, nullable=False, server_default=text("false")),
    Column("preview_id", BigInteger),
    Column("control_id", BigInteger),
    Column("bulletin_id", Id, ForeignKey("bulletin.id")),
    Column("created_at", Instant, nullable=False),
    Column("sent_at", Instant),
    Column("refreshed_at", Instant),
    Index(None, "bot_id", "telegram_chat_id", "preview_id"),
    Index(None, "state"),
)

audit = Table(
    "audit",
    metadata,
    Column("id", Id, primary_key=True),
    Column("at", Instant, nullable=False),
    # NULL: what was done holds for all bots.
    Column("bot_id", BigInteger),
    Column("actor", BigInteger),
    Column("verb", String(32), nullable=False),
    Column("article_id", BigInteger),
    Column("revision", Integer),
    Column("detail", Text, nullable=False, server_default=""),
    # What works where no person acts: a command. Empty: the bot by itself.
    Column("hand", String(8), nullable=False, server_default=""),
    # The story's topics then, and what became different since the entry before.
    Column("topics", JSON(none_as_null=True)),
    Column("difference", JSON(none_as_null=True)),
    Index(None, "article_id"),
)
