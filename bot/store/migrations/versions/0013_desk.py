"""The editors' desk: approval, schedule and embargo with their zone, follow-ups, reasons, locks; starts of bulletins.

Stories of before keep their states. A scheduled one is not approved, and goes out as before.
"""

from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None

ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")

ARTICLE: tuple[sa.Column[Any], ...] = (
    sa.Column("zone", sa.String(64), server_default="", nullable=False),
    sa.Column("update_of", sa.BigInteger(), nullable=True),
    sa.Column("languages", sa.String(64), nullable=True),
    sa.Column("approval", sa.String(64), nullable=True),
    sa.Column("approved_by", sa.BigInteger(), nullable=True),
    sa.Column("approved_at", sa.BigInteger(), nullable=True),
    sa.Column("reason", sa.Text(), server_default="", nullable=False),
    sa.Column("unreviewed", sa.Boolean(), server_default=sa.text("false"), nullable=False),
)
BULLETIN: tuple[sa.Column[Any], ...] = (
    sa.Column("not_before", sa.BigInteger(), nullable=True),
    sa.Column("reply_to", sa.BigInteger(), nullable=True),
    sa.Column("holders_only", sa.Boolean(), server_default=sa.text("false"), nullable=False),
)


def upgrade() -> None:
    for column in ARTICLE:
        op.add_column("article", column._copy())
    for column in BULLETIN:
        op.add_column("bulletin", column._copy())
    op.create_index(op.f("ix_article_status_id"), "article", ["status", "id"])
    for name, indexed, where in (
        ("ix_article_update_of", "update_of", "update_of IS NOT NULL"),
        ("ix_article_unreviewed", "id", "unreviewed"),
    ):
        condition = sa.text(where)
        op.create_index(name, "article", [indexed], sqlite_where=condition, postgresql_where=condition)
    op.create_table(
        "draft_lock",
        sa.Column("article_id", ID, nullable=False),
        sa.Column("user_id", sa.BigInteger(), nullable=False),
        sa.Column("action", sa.String(16), nullable=False),
        sa.Column("since", sa.BigInteger(), nullable=False),
        sa.Column("seen_at", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(
            ["article_id"], ["article.id"], name=op.f("fk_draft_lock_article_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("article_id", name=op.f("pk_draft_lock")),
    )


def downgrade() -> None:
    op.execute("UPDATE article SET status = 'draft' WHERE status IN ('review', 'approved')")
    op.execute("UPDATE article SET status = 'killed' WHERE status IN ('taken-down', 'unpublished')")
    op.drop_table("draft_lock")
    for name in ("ix_article_unreviewed", "ix_article_update_of", "ix_article_status_id"):
        op.drop_index(name, "article")
    for column in BULLETIN:
        op.drop_column("bulletin", column.name)
    for column in ARTICLE:
        op.drop_column("article", column.name)
