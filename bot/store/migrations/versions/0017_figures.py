"""Figures that outlive the ledger's rows. Chats that came or went before are counted by their own times.

What bulletins are still kept are counted by the running bot, some at a time.
"""

import sqlalchemy as sa
from alembic import op

revision = "0017"
down_revision = "0016"
branch_labels = None
depends_on = None

# By quarters of an hour, in milliseconds.
SEEN = """
    INSERT INTO chat_flow (bot_id, at, gained, lost)
    SELECT bot_id, at, SUM(gained), SUM(lost) FROM (
        SELECT bot_id, created_at - created_at % 900000 AS at, 1 AS gained, 0 AS lost FROM chat
        UNION ALL
        SELECT bot_id, state_at - state_at % 900000, 0, 1 FROM chat WHERE state <> 'active'
    ) AS seen GROUP BY bot_id, at
"""


def upgrade() -> None:
    op.create_table(
        "push_count",
        sa.Column("bulletin_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("article_id", sa.BigInteger(), nullable=False),
        sa.Column("kind", sa.String(16), nullable=False),
        sa.Column("flash", sa.Boolean(), nullable=False),
        sa.Column("started_at", sa.BigInteger(), nullable=False),
        sa.Column("planned", sa.Integer(), nullable=False),
        sa.Column("accepted", sa.Integer(), nullable=False),
        sa.Column("waiting", sa.Integer(), nullable=False),
        sa.Column("later", sa.Integer(), nullable=False),
        sa.Column("in_doubt", sa.Integer(), nullable=False),
        sa.Column("skipped", sa.JSON(), nullable=False),
        sa.Column("tenths", sa.JSON(), nullable=False),
        sa.Column("half_ms", sa.BigInteger(), nullable=True),
        sa.Column("most_ms", sa.BigInteger(), nullable=True),
        sa.Column("within", sa.JSON(), nullable=False),
        sa.PrimaryKeyConstraint("bulletin_id", name=op.f("pk_push_count")),
    )
    op.create_index(op.f("ix_push_count_article_id"), "push_count", ["article_id"])
    op.create_index(op.f("ix_push_count_started_at"), "push_count", ["started_at"])
    op.create_table(
        "push_failure",
        sa.Column("bulletin_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("reason", sa.String(64), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("bulletin_id", "reason", name=op.f("pk_push_failure")),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "story_count",
        sa.Column("article_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("name", sa.String(64), nullable=False),
        sa.Column("chat_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("total", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("article_id", "name", "chat_id", name=op.f("pk_story_count")),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "chat_flow",
        sa.Column("bot_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("at", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("gained", sa.Integer(), nullable=False),
        sa.Column("lost", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("bot_id", "at", name=op.f("pk_chat_flow")),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "audience_count",
        sa.Column("bot_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("name", sa.String(32), nullable=False),
        sa.Column("chats", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("bot_id", "name", name=op.f("pk_audience_count")),
        sqlite_with_rowid=False,
    )
    op.add_column("bulletin", sa.Column("count_at", sa.BigInteger(), nullable=True))
    op.execute("UPDATE bulletin SET count_at = created_at")
    uncounted = sa.text("count_at IS NOT NULL")
    op.create_index(
        "ix_bulletin_uncounted", "bulletin", ["count_at"], sqlite_where=uncounted, postgresql_where=uncounted
    )
    op.execute(SEEN)


def downgrade() -> None:
    op.drop_index("ix_bulletin_uncounted", "bulletin")
    op.drop_column("bulletin", "count_at")
    for table in ("audience_count", "chat_flow", "story_count", "push_failure", "push_count"):
        op.drop_table(table)
