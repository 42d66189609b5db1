"""What the editors' desk keeps of Telegram: which message shows which story's card, its groups, notices to people.

Migrations are derived from here and tested against it.
"""

from __future__ import annotations

from sqlalchemy import BigInteger, Boolean, Column, ForeignKey, Index, String, Table, Text, text

from bot.store.engine.schema import Id, metadata
from bot.store.engine.types import Instant

# The message that is kept up to date as a story's card: one for each chat and story.
shown_card = Table(
    "shown_card",
    metadata,
    Column("bot_id", BigInteger, ForeignKey("bot.id"), primary_key=True),
    Column("chat_id", BigInteger, primary_key=True, autoincrement=False),
    Column("article_id", BigInteger, primary_key=True, autoincrement=False),
    Column("message_id", BigInteger, nullable=False),
    Column("thread_id", BigInteger),
    # The card of breaking news whose progress the message shows; NULL: the message shows the story's own card.
    Column("flash_id", BigInteger),
    # For whom it was opened; NULL: a group's, which belongs to nobody.
    Column("user_id", BigInteger),
    # How the story stood, and an imprint of what was shown.
    Column("state", String(80), nullable=False, server_default=""),
    Column("imprint", String(64), nullable=False, server_default=""),
    # Whether something of the story is still going out.
    Column("going", Boolean, nullable=False, server_default=text("false")),
    # Whether it is to be sent anew at the chat's end.
    Column("sinks", Boolean, nullable=False, server_default=text("false")),
    Column("sent_at", Instant, nullable=False),
    # Before that it is left alone.
    Column("next_at", Instant, nullable=False),
    Index(None, "bot_id", "chat_id", "message_id"),
    sqlite_with_rowid=False,
)

# A group in which the newsroom works. Rights stay personal there.
desk_group = Table(
    "desk_group",
    metadata,
    Column("bot_id", BigInteger, ForeignKey("bot.id"), primary_key=True),
    Column("chat_id", BigInteger, primary_key=True, autoincrement=False),
    Column("thread_id", BigInteger),
    Column("chosen_at", Instant, nullable=False),
    # When it was last told of drafts that sources brought.
    Column("listed_at", Instant),
    sqlite_with_rowid=False,
)

# Up to where the desk's groups and people were told what happened: the last deed, and the last draft of a source.
desk_told = Table(
    "desk_told",
    metadata,
    Column("bot_id", BigInteger, ForeignKey("bot.id"), primary_key=True),
    Column("deed_id", BigInteger, nullable=False),
    Column("article_id", BigInteger, nullable=False),
    sqlite_with_rowid=False,
)

# What a person is to be told. `taken_at` is when it was handed to Telegram, or let be.
desk_notice = Table(
    "desk_notice",
    metadata,
    Column("id", Id, primary_key=True),
    Column("bot_id", BigInteger, ForeignKey("bot.id"), nullable=False),
    Column("user_id", BigInteger, nullable=False),
    Column("deed_id", BigInteger, nullable=False),
    Column("article_id", BigInteger, nullable=False),
    Column("verb", String(32), nullable=False),
    Column("actor", BigInteger),
    Column("note", Text, nullable=False, server_default=""),
    Column("loud", Boolean, nullable=False, server_default=text("false")),
    Column("at", Instant, nullable=False),
    Column("taken_at", Instant),
    Index("uq_desk_notice_deed", "bot_id", "user_id", "deed_id", unique=True),
    Index(None, "at"),
)

# Who wants no notices.
desk_mute = Table(
    "desk_mute",
    metadata,
    Column("bot_id", BigInteger, ForeignKey("bot.id"), primary_key=True),
    Column("user_id", BigInteger, primary_key=True, autoincrement=False),
    sqlite_with_rowid=False,
)
