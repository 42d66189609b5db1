"""A card no longer keeps how many chats it went to: its bulletin's deliveries tell."""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.drop_column("card", "audience")


def downgrade() -> None:
    op.add_column("card", sa.Column("audience", sa.Integer()))
