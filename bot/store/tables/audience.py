"""Who reads, what was chosen and muted, the digests that were made, what waits to be gathered, and saved stories.

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
    UniqueConstraint,
    text,
)

from bot.model.chat import ChatKind, ChatState
from bot.model.following.mode import Mode
from bot.model.following.mute import MuteKind
from bot.model.story.digest import Occasion
from bot.store.engine.schema import Id, metadata, only
from bot.store.engine.types import DigestTimes, Instant, LanguageCodes, Number, Word

chat = Table(
    "chat",
    metadata,
    Column("id", Id, primary_key=True),
    Column("bot_id", BigInteger, ForeignKey("bot.id"), nullable=False),
    Column("telegram_id", BigInteger, nullable=False),
    Column("kind", Word(ChatKind), nullable=False),
    Column("title", Text, nullable=False, server_default=""),
    # A person's @name in small letters, as it was seen last.
    Column("username", String(32)),
    Column("state", Word(ChatState), nullable=False),
    Column("state_reason", String(64), nullable=False, server_default=""),
    Column("state_at", Instant, nullable=False),
    Column("created_at", Instant, nullable=False),
    Column("language", String(8), nullable=False),
    Column("zone", String(64), nullable=False),
    Column("instant", Boolean, nullable=False, server_default=text("true")),
    # In local time; the moment it next falls due is a column so that SQL can find it.
    Column("digest_times", DigestTimes),
    Column("digest_size", SmallInteger),
    Column("digest_empty", Boolean, nullable=False, server_default=text("false")),
    Column("digest_due", Instant),
    Column("digest_last", Instant),
    # Minutes after local midnight.
    Column("quiet_from", SmallInteger),
    Column("quiet_to", SmallInteger),
    # Whether breaking news comes in the quiet hours too.
    Column("flash_at_night", Boolean, nullable=False, server_default=text("false")),
    # Whether any of what follows is chosen: a claim reads it for those chats alone.
    Column("bounded", Boolean, nullable=False, server_default=text("false")),
    # Quiet hours that end on a Saturday or a Sunday; NULL: as on other days.
    Column("weekend_from", SmallInteger),
    Column("weekend_to", SmallInteger),
    Column("most_hour", SmallInteger),
    Column("most_day", SmallInteger),
    Column("silent", Boolean, nullable=False, server_default=text("false")),
    Column("merges", Boolean),
    # From when to when the chat wants to be left alone.
    Column("away_since", Instant),
    Column("away_until", Instant),
    Column("away_flash", Boolean, nullable=False, server_default=text("false")),
    # A wait that Telegram asked for.
    Column("paused_until", Instant),
    Column("thread_id", BigInteger),
    Column("invited_by", BigInteger),
    # NULL: all.
    Column("news_languages", LanguageCodes),
    # NULL: as the newsroom has it.
    Column("form", String(8)),
    Column("pictures", Boolean),
    # Telegram's id of the message in which a group chooses its topics.
    Column("menu_id", BigInteger),
    # The threads of digests and of breaking news. NULL: as the rest; 1: General; below zero: closed.
    Column("digest_thread", BigInteger),
    Column("flash_thread", BigInteger),
    # The line under what is posted; NULL: none.
    Column("footer_id", BigInteger),
    # Who set something up here last.
    Column("chosen_by", BigInteger),
    UniqueConstraint("bot_id", "telegram_id"),
    only("ix_chat_username", "bot_id", "username", where="username IS NOT NULL"),
    only("ix_chat_digest_due", "digest_due", where="digest_due IS NOT NULL"),
    only("ix_chat_invited_by", "invited_by", where="invited_by IS NOT NULL"),
    only("ix_chat_chosen_by", "chosen_by", where="chosen_by IS NOT NULL"),
    only("ix_chat_footer_id", "footer_id", where="footer_id IS NOT NULL"),
    sqlite_autoincrement=True,
)

subscription = Table(
    "subscription",
    metadata,
    # 0, which no topic has, stands for the whole wire.
    Column("topic_id", Id, primary_key=True, autoincrement=False),
    Column("chat_id", Id, ForeignKey("chat.id", ondelete="CASCADE"), primary_key=True),
    Column("mode", Number(Mode), nullable=False, server_default=str(int(Mode.USUAL))),
    Column("thread_id", BigInteger),
    Column("since", Instant, nullable=False),
    # In which order the chat has its topics; NULL: after those, as they were followed.
    Column("position", SmallInteger),
    # How many of its stories come at once in a day; NULL: all.
    Column("most", SmallInteger),
    Index(None, "chat_id"),
    sqlite_with_rowid=False,
)

mute = Table(
    "mute",
    metadata,
    Column("kind", Number(MuteKind), primary_key=True, autoincrement=False),
    # The number of a topic, or of a feed.
    Column("target_id", Id, primary_key=True, autoincrement=False),
    Column("chat_id", Id, ForeignKey("chat.id", ondelete="CASCADE"), primary_key=True),
    Column("since", Instant, nullable=False),
    # NULL: for good.
    Column("until", Instant),
    Index(None, "chat_id"),
    only("ix_mute_until", "until", where="until IS NOT NULL"),
    sqlite_with_rowid=False,
)

# What waits for a chat and is to come as one message. Without a key to the chat: who claims writes here while somebody
# else may hold the chat and wait for what was claimed.
catch_up = Table(
    "catch_up",
    metadata,
    Column("chat_id", Id, primary_key=True, autoincrement=False),
    Column("bot_id", BigInteger, nullable=False),
    Column("due_at", Instant, nullable=False),
    Index(None, "due_at"),
    sqlite_with_rowid=False,
)

# What digests tell: the same stories in the same order are kept once for all chats that get them.
edition = Table("edition", metadata, Column("id", Id, primary_key=True), sqlite_autoincrement=True)

digest = Table(
    "digest",
    metadata,
    Column("id", Id, primary_key=True),
    Column("chat_id", Id, ForeignKey("chat.id", ondelete="CASCADE"), nullable=False),
    # NULL: no stories at all. Who drops the last digest of an edition drops the edition.
    Column("edition_id", Id),
    Column("revision", Integer, nullable=False, server_default="1"),
    # What it is beside one that came at its hour; NULL: nothing.
    Column("occasion", Word(Occasion)),
    # It tells what was published after `since` and up to `created_at`.
    Column("since", Instant, nullable=False),
    Column("created_at", Instant, nullable=False),
    # What editors picked, where it heads the digest or is all of it. NULL: nothing.
    Column("highlights_id", Id),
    Index(None, "chat_id"),
    Index(None, "edition_id", "chat_id"),
    # Also what keeps a chat from getting the same highlights twice.
    only("ix_digest_highlights", "highlights_id", "chat_id", where="highlights_id IS NOT NULL"),
    sqlite_autoincrement=True,
)

digest_article = Table(
    "digest_article",
    metadata,
    Column("edition_id", Id, ForeignKey("edition.id", ondelete="CASCADE"), primary_key=True),
    Column("article_id", Id, ForeignKey("article.id", ondelete="CASCADE"), primary_key=True),
    Column("position", Integer, nullable=False),
    # The topic under which the chat reads it, NULL where it stands under none.
    Column("topic_id", Id),
    Index(None, "article_id"),
    sqlite_with_rowid=False,
)

saved = Table(
    "saved",
    metadata,
    Column("chat_id", Id, ForeignKey("chat.id", ondelete="CASCADE"), primary_key=True),
    Column("article_id", Id, ForeignKey("article.id", ondelete="CASCADE"), primary_key=True),
    Column("saved_at", Instant, nullable=False),
    Index(None, "article_id"),
    sqlite_with_rowid=False,
)
