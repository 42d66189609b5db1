"""Corrections that editors prepare; and a message is found by its chat and number."""

import sqlalchemy as sa
from alembic import op

revision = "0021"
down_revision = "0020"
branch_labels = None
depends_on = None

ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    op.create_table(
        "proposal",
        sa.Column("article_id", ID, nullable=False),
        sa.Column("user_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("base", sa.Integer(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("content", sa.JSON(), nullable=False),
        sa.Column("topics", sa.JSON(), nullable=True),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(
            ["article_id"], ["article.id"], name=op.f("fk_proposal_article_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("article_id", "user_id", name=op.f("pk_proposal")),
    )
    op.drop_index(op.f("ix_message_chat_id"), "message")
    op.create_index(op.f("ix_message_chat_id_message_id"), "message", ["chat_id", "message_id"])


def downgrade() -> None:
    op.drop_index(op.f("ix_message_chat_id_message_id"), "message")
    op.create_index(op.f("ix_message_chat_id"), "message", ["chat_id"])
    op.drop_table("proposal")
