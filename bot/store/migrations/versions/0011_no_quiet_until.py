"""A chat no longer keeps until when it is quiet: its quiet hours tell."""

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.drop_column("chat", "quiet_until")


def downgrade() -> None:
    op.add_column("chat", sa.Column("quiet_until", sa.BigInteger(), nullable=True))
