"""Words that chats watch for, and stories that they follow."""

import sqlalchemy as sa
from alembic import op

revision = "0026"
down_revision = "0025"
branch_labels = None
depends_on = None

ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    _conditions()
    _alerts()
    _matches()
    _stories()
    op.add_column("bulletin", sa.Column("told_to", sa.String(16), nullable=True))


def _conditions() -> None:
    op.create_table(
        "alert_condition",
        sa.Column("id", ID, nullable=False),
        sa.Column("terms", sa.Text(), nullable=False),
        sa.Column("rarest", sa.String(64), nullable=False),
        sa.Column("also", sa.String(64), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_alert_condition")),
        sa.UniqueConstraint("terms", name=op.f("uq_alert_condition_terms")),
        sqlite_autoincrement=True,
    )


def _alerts() -> None:
    op.create_table(
        "word_alert",
        sa.Column("id", ID, nullable=False),
        sa.Column("chat_id", ID, nullable=False),
        sa.Column("condition_id", ID, nullable=False),
        sa.Column("said", sa.String(200), nullable=False),
        sa.Column("paused", sa.Boolean(), server_default=sa.text("false"), nullable=False),
        sa.Column("since", sa.BigInteger(), nullable=False),
        sa.Column("thread_id", sa.BigInteger(), nullable=True),
        sa.ForeignKeyConstraint(
            ["chat_id"], ["chat.id"], name=op.f("fk_word_alert_chat_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["condition_id"], ["alert_condition.id"], name=op.f("fk_word_alert_condition_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_word_alert")),
        sa.UniqueConstraint("condition_id", "chat_id", name=op.f("uq_word_alert_condition_id_chat_id")),
        sqlite_autoincrement=True,
    )
    op.create_index(op.f("ix_word_alert_chat_id"), "word_alert", ["chat_id"])


def _matches() -> None:
    op.create_table(
        "alert_match",
        sa.Column("article_id", ID, nullable=False),
        sa.Column("conditions", sa.ARRAY(sa.BigInteger()).with_variant(sa.Text(), "sqlite"), nullable=False),
        sa.ForeignKeyConstraint(
            ["article_id"], ["article.id"], name=op.f("fk_alert_match_article_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("article_id", name=op.f("pk_alert_match")),
    )


def _stories() -> None:
    op.create_table(
        "followed_story",
        sa.Column("article_id", ID, nullable=False),
        sa.Column("chat_id", ID, nullable=False),
        sa.Column("since", sa.BigInteger(), nullable=False),
        sa.Column("updated_at", sa.BigInteger(), nullable=False),
        sa.Column("message_id", sa.BigInteger(), nullable=True),
        sa.Column("thread_id", sa.BigInteger(), nullable=True),
        sa.ForeignKeyConstraint(
            ["article_id"], ["article.id"], name=op.f("fk_followed_story_article_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["chat_id"], ["chat.id"], name=op.f("fk_followed_story_chat_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("article_id", "chat_id", name=op.f("pk_followed_story")),
        sqlite_with_rowid=False,
    )
    op.create_index(op.f("ix_followed_story_chat_id"), "followed_story", ["chat_id"])
    op.create_index(op.f("ix_followed_story_updated_at"), "followed_story", ["updated_at"])


def downgrade() -> None:
    op.drop_column("bulletin", "told_to")
    for table in ("followed_story", "alert_match", "word_alert", "alert_condition"):
        op.drop_table(table)
