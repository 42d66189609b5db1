"""The first tables."""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

Id = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    op.create_table(
        "article",
        sa.Column("id", Id, nullable=False),
        sa.Column("source", sa.String(length=64), nullable=False),
        sa.Column("source_uid", sa.String(length=512), nullable=False),
        sa.Column("status", sa.String(length=16), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("flash", sa.Boolean(), server_default=sa.text("(false)"), nullable=False),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.Column("published_at", sa.BigInteger(), nullable=True),
        sa.Column("release_at", sa.BigInteger(), nullable=True),
        sa.Column("embargo_until", sa.BigInteger(), nullable=True),
        sa.Column("revised_at", sa.BigInteger(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_article")),
        sa.UniqueConstraint("source", "source_uid", name=op.f("uq_article_source_source_uid")),
    )
    op.create_index(op.f("ix_article_release_at"), "article", ["release_at"], unique=False)
    op.create_index(
        op.f("ix_article_status_published_at"), "article", ["status", "published_at"], unique=False
    )
    op.create_table(
        "audit",
        sa.Column("id", Id, nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.Column("actor", sa.BigInteger(), nullable=True),
        sa.Column("verb", sa.String(length=32), nullable=False),
        sa.Column("article_id", sa.BigInteger(), nullable=True),
        sa.Column("revision", sa.Integer(), nullable=True),
        sa.Column("detail", sa.Text(), server_default="", nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_audit")),
    )
    op.create_table(
        "bot",
        sa.Column("id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("username", sa.String(length=64), server_default="", nullable=False),
        sa.Column("paused_until", sa.BigInteger(), nullable=True),
        sa.Column("seen_at", sa.BigInteger(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_bot")),
    )
    op.create_table(
        "feed",
        sa.Column("id", Id, nullable=False),
        sa.Column("url", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), server_default="", nullable=False),
        sa.Column("topics", sa.JSON(), nullable=False),
        sa.Column("language", sa.String(length=8), nullable=False),
        sa.Column("publish", sa.String(length=8), nullable=False),
        sa.Column("backfill", sa.Integer(), server_default="0", nullable=False),
        sa.Column("interval", sa.Integer(), nullable=False),
        sa.Column("origin", sa.String(length=16), nullable=False),
        sa.Column("retired_at", sa.BigInteger(), nullable=True),
        sa.Column("etag", sa.Text(), nullable=True),
        sa.Column("last_modified", sa.Text(), nullable=True),
        sa.Column("next_poll_at", sa.BigInteger(), nullable=False),
        sa.Column("first_polled_at", sa.BigInteger(), nullable=True),
        sa.Column("last_ok_at", sa.BigInteger(), nullable=True),
        sa.Column("failures", sa.Integer(), server_default="0", nullable=False),
        sa.Column("last_error", sa.Text(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_feed")),
        sa.UniqueConstraint("url", name=op.f("uq_feed_url")),
    )
    op.create_index(op.f("ix_feed_next_poll_at"), "feed", ["next_poll_at"], unique=False)
    op.create_table(
        "lease",
        sa.Column("name", sa.String(length=64), nullable=False),
        sa.Column("owner", sa.String(length=64), nullable=False),
        sa.Column("until", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_lease")),
    )
    op.create_table(
        "told",
        sa.Column("key", sa.String(length=128), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_told")),
    )
    op.create_table(
        "paid",
        sa.Column("bot_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("day", sa.String(length=10), nullable=False),
        sa.Column("messages", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("bot_id", "day", name=op.f("pk_paid")),
    )
    op.create_table(
        "topic",
        sa.Column("id", Id, nullable=False),
        sa.Column("slug", sa.String(length=40), nullable=False),
        sa.Column("parent_id", Id, nullable=True),
        sa.Column("names", sa.JSON(), nullable=False),
        sa.Column("aliases", sa.JSON(), nullable=False),
        sa.Column("keywords", sa.JSON(), nullable=False),
        sa.Column("origin", sa.String(length=16), nullable=False),
        sa.Column("position", sa.Integer(), server_default="0", nullable=False),
        sa.Column("retired_at", sa.BigInteger(), nullable=True),
        sa.ForeignKeyConstraint(["parent_id"], ["topic.id"], name=op.f("fk_topic_parent_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_topic")),
        sa.UniqueConstraint("slug", name=op.f("uq_topic_slug")),
    )
    op.create_table(
        "article_topic",
        sa.Column("topic_id", Id, nullable=False),
        sa.Column("article_id", Id, nullable=False),
        sa.ForeignKeyConstraint(
            ["article_id"], ["article.id"], name=op.f("fk_article_topic_article_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(["topic_id"], ["topic.id"], name=op.f("fk_article_topic_topic_id")),
        sa.PrimaryKeyConstraint("topic_id", "article_id", name=op.f("pk_article_topic")),
        sqlite_with_rowid=False,
    )
    op.create_index(op.f("ix_article_topic_article_id"), "article_topic", ["article_id"], unique=False)
    op.create_table(
        "bulletin",
        sa.Column("id", Id, nullable=False),
        sa.Column("key", sa.String(length=128), nullable=False),
        sa.Column("article_id", Id, nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=16), nullable=False),
        sa.Column("lane", sa.SmallInteger(), nullable=False),
        sa.Column("everybody", sa.Boolean(), server_default=sa.text("(false)"), nullable=False),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.Column("created_by", sa.BigInteger(), nullable=True),
        sa.Column("ceiling", sa.BigInteger(), nullable=False),
        sa.Column("cursor", sa.BigInteger(), server_default="0", nullable=False),
        sa.Column("planned_at", sa.BigInteger(), nullable=True),
        sa.Column("stopped_at", sa.BigInteger(), nullable=True),
        sa.Column("stopped_by", sa.BigInteger(), nullable=True),
        sa.Column("stop_reason", sa.Text(), server_default="", nullable=False),
        sa.ForeignKeyConstraint(
            ["article_id"], ["article.id"], name=op.f("fk_bulletin_article_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_bulletin")),
        sa.UniqueConstraint("key", name=op.f("uq_bulletin_key")),
    )
    op.create_index(op.f("ix_bulletin_article_id"), "bulletin", ["article_id"], unique=False)
    op.create_index(
        "ix_bulletin_unplanned",
        "bulletin",
        ["lane", "id"],
        unique=False,
        sqlite_where=sa.text("planned_at IS NULL"),
        postgresql_where=sa.text("planned_at IS NULL"),
    )
    op.create_table(
        "chat",
        sa.Column("id", Id, nullable=False),
        sa.Column("bot_id", sa.BigInteger(), nullable=False),
        sa.Column("telegram_id", sa.BigInteger(), nullable=False),
        sa.Column("kind", sa.String(length=16), nullable=False),
        sa.Column("title", sa.Text(), server_default="", nullable=False),
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.Column("state_reason", sa.String(length=64), server_default="", nullable=False),
        sa.Column("state_at", sa.BigInteger(), nullable=False),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.Column("language", sa.String(length=8), nullable=False),
        sa.Column("zone", sa.String(length=64), nullable=False),
        sa.Column("instant", sa.Boolean(), server_default=sa.text("(true)"), nullable=False),
        sa.Column("digest_minute", sa.SmallInteger(), nullable=True),
        sa.Column("digest_due", sa.BigInteger(), nullable=True),
        sa.Column("digest_last", sa.BigInteger(), nullable=True),
        sa.Column("quiet_from", sa.SmallInteger(), nullable=True),
        sa.Column("quiet_to", sa.SmallInteger(), nullable=True),
        sa.Column("quiet_until", sa.BigInteger(), nullable=True),
        sa.Column("paused_until", sa.BigInteger(), nullable=True),
        sa.Column("thread_id", sa.BigInteger(), nullable=True),
        sa.Column("invited_by", sa.BigInteger(), nullable=True),
        sa.Column("form", sa.String(length=8), nullable=True),
        sa.Column("pictures", sa.Boolean(), nullable=True),
        sa.ForeignKeyConstraint(["bot_id"], ["bot.id"], name=op.f("fk_chat_bot_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_chat")),
        sa.UniqueConstraint("bot_id", "telegram_id", name=op.f("uq_chat_bot_id_telegram_id")),
        sqlite_autoincrement=True,
    )
    op.create_index(
        "ix_chat_digest_due",
        "chat",
        ["digest_due"],
        unique=False,
        sqlite_where=sa.text("digest_due IS NOT NULL"),
        postgresql_where=sa.text("digest_due IS NOT NULL"),
    )
    op.create_table(
        "editor",
        sa.Column("bot_id", sa.BigInteger(), nullable=False),
        sa.Column("user_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("name", sa.Text(), server_default="", nullable=False),
        sa.Column("added_by", sa.BigInteger(), nullable=False),
        sa.Column("added_at", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(["bot_id"], ["bot.id"], name=op.f("fk_editor_bot_id")),
        sa.PrimaryKeyConstraint("bot_id", "user_id", name=op.f("pk_editor")),
    )
    op.create_table(
        "revision",
        sa.Column("article_id", Id, nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("headline", sa.Text(), nullable=False),
        sa.Column("lead", sa.Text(), nullable=False),
        sa.Column("dateline", sa.Text(), nullable=False),
        sa.Column("blocks", sa.JSON(), nullable=False),
        sa.Column("picture", sa.JSON(), nullable=True),
        sa.Column("language", sa.String(length=8), nullable=False),
        sa.Column("url", sa.Text(), nullable=True),
        sa.Column("source_name", sa.Text(), server_default="", nullable=False),
        sa.Column("fingerprint", sa.String(length=64), nullable=False),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.Column("created_by", sa.BigInteger(), nullable=True),
        sa.Column("note", sa.Text(), server_default="", nullable=False),
        sa.ForeignKeyConstraint(
            ["article_id"], ["article.id"], name=op.f("fk_revision_article_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("article_id", "number", name=op.f("pk_revision")),
    )
    op.create_table(
        "card",
        sa.Column("id", Id, nullable=False),
        sa.Column("bot_id", sa.BigInteger(), nullable=False),
        sa.Column("article_id", Id, nullable=True),
        sa.Column("telegram_chat_id", sa.BigInteger(), nullable=False),
        sa.Column("user_id", sa.BigInteger(), nullable=False),
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.Column("everybody", sa.Boolean(), server_default=sa.text("(true)"), nullable=False),
        sa.Column("topics", sa.JSON(), nullable=False),
        sa.Column("preview_id", sa.BigInteger(), nullable=True),
        sa.Column("control_id", sa.BigInteger(), nullable=True),
        sa.Column("bulletin_id", Id, nullable=True),
        sa.Column("audience", sa.Integer(), nullable=True),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.Column("sent_at", sa.BigInteger(), nullable=True),
        sa.Column("refreshed_at", sa.BigInteger(), nullable=True),
        sa.ForeignKeyConstraint(
            ["article_id"], ["article.id"], name=op.f("fk_card_article_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(["bot_id"], ["bot.id"], name=op.f("fk_card_bot_id")),
        sa.ForeignKeyConstraint(["bulletin_id"], ["bulletin.id"], name=op.f("fk_card_bulletin_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_card")),
    )
    op.create_index(
        op.f("ix_card_bot_id_telegram_chat_id_preview_id"),
        "card",
        ["bot_id", "telegram_chat_id", "preview_id"],
        unique=False,
    )
    op.create_index(op.f("ix_card_state"), "card", ["state"], unique=False)
    op.create_table(
        "delivery",
        sa.Column("bot_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("kind", sa.SmallInteger(), nullable=False),
        sa.Column("subject_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("chat_id", Id, autoincrement=False, nullable=False),
        sa.Column("bulletin_id", Id, nullable=True),
        sa.Column("lane", sa.SmallInteger(), nullable=False),
        sa.Column("wanted", sa.Integer(), nullable=False),
        sa.Column("shown", sa.Integer(), nullable=True),
        sa.Column("thread_id", sa.BigInteger(), nullable=True),
        sa.Column("due_at", sa.BigInteger(), nullable=False),
        sa.Column("expires_at", sa.BigInteger(), nullable=True),
        sa.Column("state", sa.SmallInteger(), server_default="0", nullable=False),
        sa.Column("lease_until", sa.BigInteger(), nullable=True),
        sa.Column("attempts", sa.SmallInteger(), server_default="0", nullable=False),
        sa.Column("reason", sa.String(length=64), nullable=True),
        sa.Column("accepted_at", sa.BigInteger(), nullable=True),
        sa.ForeignKeyConstraint(
            ["chat_id"], ["chat.id"], name=op.f("fk_delivery_chat_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("bot_id", "kind", "subject_id", "chat_id", name=op.f("pk_delivery")),
        sqlite_with_rowid=False,
    )
    op.create_index(op.f("ix_delivery_chat_id"), "delivery", ["chat_id"], unique=False)
    op.create_index(
        "ix_delivery_claimed",
        "delivery",
        ["bot_id", "lease_until"],
        unique=False,
        sqlite_where=sa.text("state = 1"),
        postgresql_where=sa.text("state = 1"),
    )
    op.create_index(
        "ix_delivery_waiting",
        "delivery",
        ["bot_id", "lane", "due_at", "subject_id", "chat_id"],
        unique=False,
        sqlite_where=sa.text("state = 0"),
        postgresql_where=sa.text("state = 0"),
    )
    op.create_table(
        "digest",
        sa.Column("id", Id, nullable=False),
        sa.Column("chat_id", Id, nullable=False),
        sa.Column("revision", sa.Integer(), server_default="1", nullable=False),
        sa.Column("since", sa.BigInteger(), nullable=False),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(["chat_id"], ["chat.id"], name=op.f("fk_digest_chat_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_digest")),
        sqlite_autoincrement=True,
    )
    op.create_index(op.f("ix_digest_chat_id"), "digest", ["chat_id"], unique=False)
    op.create_table(
        "media",
        sa.Column("bot_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("url", sa.Text(), nullable=False),
        sa.Column("file_id", sa.Text(), nullable=False),
        sa.Column("learnt_at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("bot_id", "url", name=op.f("pk_media")),
    )
    op.create_table(
        "message",
        sa.Column("bot_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("kind", sa.SmallInteger(), nullable=False),
        sa.Column("subject_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("chat_id", Id, autoincrement=False, nullable=False),
        sa.Column("part", sa.SmallInteger(), autoincrement=False, nullable=False),
        sa.Column("message_id", sa.BigInteger(), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("form", sa.String(length=8), nullable=False),
        sa.Column("sent_at", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(
            ["chat_id"], ["chat.id"], name=op.f("fk_message_chat_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("bot_id", "kind", "subject_id", "chat_id", "part", name=op.f("pk_message")),
        sqlite_with_rowid=False,
    )
    op.create_index(op.f("ix_message_chat_id"), "message", ["chat_id"], unique=False)
    op.create_table(
        "subscription",
        sa.Column("topic_id", Id, nullable=False),
        sa.Column("chat_id", Id, nullable=False),
        sa.Column("muted", sa.Boolean(), server_default=sa.text("(false)"), nullable=False),
        sa.Column("thread_id", sa.BigInteger(), nullable=True),
        sa.Column("since", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(
            ["chat_id"], ["chat.id"], name=op.f("fk_subscription_chat_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(["topic_id"], ["topic.id"], name=op.f("fk_subscription_topic_id")),
        sa.PrimaryKeyConstraint("topic_id", "chat_id", name=op.f("pk_subscription")),
        sqlite_with_rowid=False,
    )
    op.create_index(op.f("ix_subscription_chat_id"), "subscription", ["chat_id"], unique=False)
    op.create_table(
        "digest_article",
        sa.Column("digest_id", Id, nullable=False),
        sa.Column("article_id", Id, nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["article_id"], ["article.id"], name=op.f("fk_digest_article_article_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["digest_id"], ["digest.id"], name=op.f("fk_digest_article_digest_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("digest_id", "article_id", name=op.f("pk_digest_article")),
        sqlite_with_rowid=False,
    )
    op.create_index(op.f("ix_digest_article_article_id"), "digest_article", ["article_id"], unique=False)


def downgrade() -> None:
    op.drop_index(op.f("ix_digest_article_article_id"), table_name="digest_article")
    op.drop_table("digest_article")
    op.drop_index(op.f("ix_subscription_chat_id"), table_name="subscription")
    op.drop_table("subscription")
    op.drop_index(op.f("ix_message_chat_id"), table_name="message")
    op.drop_table("message")
    op.drop_table("media")
    op.drop_index(op.f("ix_digest_chat_id"), table_name="digest")
    op.drop_table("digest")
    op.drop_index(
        "ix_delivery_waiting",
        table_name="delivery",
        sqlite_where=sa.text("state = 0"),
        postgresql_where=sa.text("state = 0"),
    )
    op.drop_index(
        "ix_delivery_claimed",
        table_name="delivery",
        sqlite_where=sa.text("state = 1"),
        postgresql_where=sa.text("state = 1"),
    )
    op.drop_index(op.f("ix_delivery_chat_id"), table_name="delivery")
    op.drop_table("delivery")
    op.drop_index(op.f("ix_card_state"), table_name="card")
    op.drop_index(op.f("ix_card_bot_id_telegram_chat_id_preview_id"), table_name="card")
    op.drop_table("card")
    op.drop_table("revision")
    op.drop_table("editor")
    op.drop_index(
        "ix_chat_digest_due",
        table_name="chat",
        sqlite_where=sa.text("digest_due IS NOT NULL"),
        postgresql_where=sa.text("digest_due IS NOT NULL"),
    )
    op.drop_table("chat")
    op.drop_index(
        "ix_bulletin_unplanned",
        table_name="bulletin",
        sqlite_where=sa.text("planned_at IS NULL"),
        postgresql_where=sa.text("planned_at IS NULL"),
    )
    op.drop_index(op.f("ix_bulletin_article_id"), table_name="bulletin")
    op.drop_table("bulletin")
    op.drop_index(op.f("ix_article_topic_article_id"), table_name="article_topic")
    op.drop_table("article_topic")
    op.drop_table("topic")
    op.drop_table("told")
    op.drop_table("lease")
    op.drop_index(op.f("ix_feed_next_poll_at"), table_name="feed")
    op.drop_table("feed")
    op.drop_table("bot")
    op.drop_table("audit")
    op.drop_index(op.f("ix_article_status_published_at"), table_name="article")
    op.drop_index(op.f("ix_article_release_at"), table_name="article")
    op.drop_table("article")
