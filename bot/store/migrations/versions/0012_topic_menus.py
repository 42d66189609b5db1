"""A group knows its topic menu, so that the next one can take its place."""

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("chat", sa.Column("menu_id", sa.BigInteger(), nullable=True))


def downgrade() -> None:
    op.drop_column("chat", "menu_id")
