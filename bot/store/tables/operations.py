"""What running the bot needs: bots, leases, updates to handle, alerts that were sent, what paid broadcasts cost.

Migrations are derived from here and tested against it.
"""

from __future__ import annotations

from sqlalchemy import JSON, BigInteger, Boolean, Column, Index, String, Table, Text, text

from bot.store.engine.schema import metadata
from bot.store.engine.types import Instant, LanguageCodes

bot = Table(
    "bot",
    metadata,
    Column("id", BigInteger, primary_key=True, autoincrement=False),
    Column("username", String(64), nullable=False, server_default=""),
    Column("paused_until", Instant),
    Column("seen_at", Instant),
    # Whether the installation speaks as this bot now: whoever is lost, or was taken out, gets nothing new.
    Column("served", Boolean, nullable=False, server_default=text("true")),
    # Which of the newsroom's topics (slugs) and languages it carries; NULL: all.
    Column("topics", JSON(none_as_null=True)),
    Column("languages", LanguageCodes),
)

lease = Table(
    "lease",
    metadata,
    Column("name", String(64), primary_key=True),
    Column("owner", String(64), nullable=False),
    Column("until", Instant, nullable=False),
)

# What paid broadcasts cost, in messages by day (UTC): the ceiling is kept across restarts.
paid = Table(
    "paid",
    metadata,
    Column("bot_id", BigInteger, primary_key=True, autoincrement=False),
    Column("day", String(10), primary_key=True),
    Column("messages", BigInteger, nullable=False),
)

# Updates as Telegram sent them. A handled one stays until Telegram hands it out no more, so that it is known where
# Telegram hands it out again: after polling until Telegram has heard that it was taken, after a webhook for a day.
inbox = Table(
    "inbox",
    metadata,
    Column("bot_id", BigInteger, primary_key=True, autoincrement=False),
    Column("update_id", BigInteger, primary_key=True, autoincrement=False),
    Column("body", Text, nullable=False),
    Column("handled", Boolean, nullable=False, server_default=text("false")),
    Column("at", Instant, nullable=False, server_default=text("0")),
)
Index(
    "ix_inbox_waiting",
    inbox.c.bot_id,
    inbox.c.update_id,
    sqlite_where=text("NOT handled"),
    postgresql_where=text("NOT handled"),
)

# Updates that could not be read, the newest of each bot. One without a number of its own has the number 0.
unread_update = Table(
    "unread_update",
    metadata,
    Column("bot_id", BigInteger, primary_key=True, autoincrement=False),
    Column("update_id", BigInteger, primary_key=True, autoincrement=False),
    Column("at", Instant, nullable=False),
    Column("reason", String(200), nullable=False),
    Column("body", Text, nullable=False),
)

alert_sent = Table(
    "alert_sent",
    metadata,
    Column("bot_id", BigInteger, primary_key=True, autoincrement=False),
    Column("key", String(128), primary_key=True),
    Column("at", Instant, nullable=False),
)

# Troubles that one process knows of, which every process must see. `facts` is JSON.
known_trouble = Table(
    "known_trouble",
    metadata,
    Column("bot_id", BigInteger, primary_key=True, autoincrement=False),
    Column("key", String(128), primary_key=True),
    Column("talk", String(32), nullable=False),
    Column("facts", Text, nullable=False),
    Column("at", Instant, nullable=False),
)
