"""Topics and feeds are changed from the chat: what the file said last, pauses, merges, removals, versions; the set-up.

Nothing was changed in a chat before, so that the next start reads the whole file as it always did.
"""

import sqlalchemy as sa
from alembic import op

revision = "0016"
down_revision = "0015"
branch_labels = None
depends_on = None

SHARED = (
    ("declared", sa.JSON()),
    ("paused_at", sa.BigInteger()),
    ("changed_by", sa.BigInteger()),
)


def upgrade() -> None:
    for table in ("topic", "feed"):
        for name, kind in SHARED:
            op.add_column(table, sa.Column(name, kind, nullable=True))
        op.add_column(table, sa.Column("version", sa.Integer(), server_default="1", nullable=False))
    op.add_column("topic", sa.Column("merged_into", sa.BigInteger(), nullable=True))
    op.add_column("feed", sa.Column("removed_at", sa.BigInteger(), nullable=True))
    op.create_table(
        "setup",
        sa.Column("bot_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("settled_at", sa.BigInteger(), nullable=True),
        sa.Column("asked_at", sa.BigInteger(), nullable=True),
        sa.Column("channel_id", sa.BigInteger(), nullable=True),
        sa.Column("shown_at", sa.BigInteger(), nullable=True),
        sa.ForeignKeyConstraint(["bot_id"], ["bot.id"], name=op.f("fk_setup_bot_id")),
        sa.PrimaryKeyConstraint("bot_id", name=op.f("pk_setup")),
    )


def downgrade() -> None:
    op.drop_table("setup")
    op.drop_column("feed", "removed_at")
    op.drop_column("topic", "merged_into")
    for table in ("topic", "feed"):
        for name in ("version", *(each for each, _ in SHARED)):
            op.drop_column(table, name)
