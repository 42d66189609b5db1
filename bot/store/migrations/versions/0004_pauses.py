"""Pauses of a bulletin, the sweep that follows one, and an index of what is in doubt."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("bulletin", sa.Column("paused_at", sa.BigInteger(), nullable=True))
    op.add_column("bulletin", sa.Column("paused_by", sa.BigInteger(), nullable=True))
    op.add_column("bulletin", sa.Column("pause_reason", sa.Text(), server_default="", nullable=False))
    op.add_column("bulletin", sa.Column("sweep_cursor", sa.BigInteger(), nullable=True))
    op.create_index(
        "ix_bulletin_unswept",
        "bulletin",
        ["id"],
        sqlite_where=sa.text("sweep_cursor IS NOT NULL"),
        postgresql_where=sa.text("sweep_cursor IS NOT NULL"),
    )
    op.create_index(
        "ix_delivery_doubt",
        "delivery",
        ["bot_id", "subject_id"],
        sqlite_where=sa.text("state = 5"),
        postgresql_where=sa.text("state = 5"),
    )


def downgrade() -> None:
    op.drop_index("ix_delivery_doubt", table_name="delivery")
    op.drop_index("ix_bulletin_unswept", table_name="bulletin")
    for name in ("sweep_cursor", "pause_reason", "paused_by", "paused_at"):
        op.drop_column("bulletin", name)
