"""Stories that people saved to read again."""

import sqlalchemy as sa
from alembic import op

revision = "0023"
down_revision = "0022"
branch_labels = None
depends_on = None

ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    op.create_table(
        "saved",
        sa.Column("chat_id", ID, nullable=False),
        sa.Column("article_id", ID, nullable=False),
        sa.Column("saved_at", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(["chat_id"], ["chat.id"], name=op.f("fk_saved_chat_id"), ondelete="CASCADE"),
        sa.ForeignKeyConstraint(
            ["article_id"], ["article.id"], name=op.f("fk_saved_article_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("chat_id", "article_id", name=op.f("pk_saved")),
        sqlite_with_rowid=False,
    )
    op.create_index(op.f("ix_saved_article_id"), "saved", ["article_id"])


def downgrade() -> None:
    op.drop_index(op.f("ix_saved_article_id"), "saved")
    op.drop_table("saved")
