"""What a picture is, beside where it came from."""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("media", sa.Column("digest", sa.String(64)))
    op.create_index("ix_media_bot_id_digest", "media", ["bot_id", "digest"])


def downgrade() -> None:
    op.drop_index("ix_media_bot_id_digest", "media")
    op.drop_column("media", "digest")
