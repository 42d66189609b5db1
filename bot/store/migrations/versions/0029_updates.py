"""When an update came, which updates still wait, and updates that nobody could read."""

import sqlalchemy as sa
from alembic import op

revision = "0029"
down_revision = "0028"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("inbox", sa.Column("at", sa.BigInteger(), server_default=sa.text("0"), nullable=False))
    waits = sa.text("NOT handled")
    op.create_index(
        "ix_inbox_waiting", "inbox", ["bot_id", "update_id"], sqlite_where=waits, postgresql_where=waits
    )
    op.create_table(
        "unread_update",
        sa.Column("bot_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("update_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.Column("reason", sa.String(200), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("bot_id", "update_id", name=op.f("pk_unread_update")),
    )


def downgrade() -> None:
    op.drop_table("unread_update")
    op.drop_index("ix_inbox_waiting", "inbox")
    op.drop_column("inbox", "at")
