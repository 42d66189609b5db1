"""Several bots: which of them the installation speaks as, and what each of them carries."""

import sqlalchemy as sa
from alembic import op

revision = "0031"
down_revision = "0030"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("bot", sa.Column("served", sa.Boolean(), server_default=sa.text("true"), nullable=False))
    op.add_column("bot", sa.Column("topics", sa.JSON(), nullable=True))
    op.add_column("bot", sa.Column("languages", sa.String(64), nullable=True))


def downgrade() -> None:
    for name in ("languages", "topics", "served"):
        op.drop_column("bot", name)
