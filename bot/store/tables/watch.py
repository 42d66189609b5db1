"""What chats asked to be told of at once: words that they watch for, and stories that they follow.

Migrations are derived from here and tested against it.
"""

from __future__ import annotations

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    ForeignKey,
    Index,
    String,
    Table,
    Text,
    UniqueConstraint,
    text,
)

from bot.store.engine.array_param import Numbers
from bot.store.engine.schema import Id, metadata
from bot.store.engine.types import Instant

# What stories must say, once for all chats that watch for the same: a story is compared with each once.
alert_condition = Table(
    "alert_condition",
    metadata,
    Column("id", Id, primary_key=True),
    Column("terms", Text, nullable=False, unique=True),
    # The rarest stem that a story must have, and the next one where there are several.
    Column("rarest", String(64), nullable=False),
    Column("also", String(64)),
    sqlite_autoincrement=True,
)

word_alert = Table(
    "word_alert",
    metadata,
    Column("id", Id, primary_key=True),
    Column("chat_id", Id, ForeignKey("chat.id", ondelete="CASCADE"), nullable=False),
    Column("condition_id", Id, ForeignKey("alert_condition.id"), nullable=False),
    Column("said", String(200), nullable=False),
    Column("paused", Boolean, nullable=False, server_default=text("false")),
    Column("since", Instant, nullable=False),
    Column("thread_id", BigInteger),
    UniqueConstraint("condition_id", "chat_id"),
    Index(None, "chat_id"),
    sqlite_autoincrement=True,
)

# Which conditions a story meets as it stands: kept, so that each page of chats and each claim asks for it.
alert_match = Table(
    "alert_match",
    metadata,
    Column("article_id", Id, ForeignKey("article.id", ondelete="CASCADE"), primary_key=True),
    # By number. One that nobody watches for any more may be gone: its number is never used again.
    Column("conditions", Numbers, nullable=False),
)

followed_story = Table(
    "followed_story",
    metadata,
    Column("article_id", Id, ForeignKey("article.id", ondelete="CASCADE"), primary_key=True),
    Column("chat_id", Id, ForeignKey("chat.id", ondelete="CASCADE"), primary_key=True),
    Column("since", Instant, nullable=False),
    # When it was followed, or the chat was last told of the story: it ends some time after that.
    Column("updated_at", Instant, nullable=False),
    # Telegram's id of the message that shows the story in the chat, where nothing in the ledger does.
    Column("message_id", BigInteger),
    Column("thread_id", BigInteger),
    Index(None, "chat_id"),
    Index(None, "updated_at"),
    sqlite_with_rowid=False,
)
