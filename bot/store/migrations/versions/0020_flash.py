"""Breaking news: with a sound, silent or pinned; at night only where a chat agreed; unseen until it starts.

What was sent before sounded. A chat with quiet hours has to say that breaking news may break them.
"""

import sqlalchemy as sa
from alembic import op

revision = "0020"
down_revision = "0019"
branch_labels = None
depends_on = None

HELD_BACK = sa.text("planned_at IS NULL AND cursor = 0 AND not_before > created_at")


def upgrade() -> None:
    for table in ("bulletin", "card"):
        op.add_column(table, sa.Column("manner", sa.SmallInteger(), server_default="0", nullable=False))
    night: sa.Column[bool] = sa.Column(
        "flash_at_night", sa.Boolean(), server_default=sa.text("false"), nullable=False
    )
    op.add_column("chat", night)
    of_story: sa.Column[bool] = sa.Column(
        "of_story", sa.Boolean(), server_default=sa.text("false"), nullable=False
    )
    op.add_column("card", of_story)
    op.create_index(
        "ix_bulletin_held_back",
        "bulletin",
        ["article_id"],
        sqlite_where=HELD_BACK,
        postgresql_where=HELD_BACK,
    )


def downgrade() -> None:
    op.drop_index("ix_bulletin_held_back", "bulletin")
    op.drop_column("card", "of_story")
    op.drop_column("chat", "flash_at_night")
    for table in ("card", "bulletin"):
        op.drop_column(table, "manner")
