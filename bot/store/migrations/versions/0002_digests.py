"""A second hour and a size for digests, a chat's order of topics, and a digest's own groups."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

Id = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    op.add_column("chat", sa.Column("digest_also", sa.SmallInteger()))
    op.add_column("chat", sa.Column("digest_size", sa.SmallInteger()))
    op.add_column(
        "chat", sa.Column("digest_empty", sa.Boolean(), server_default=sa.text("(false)"), nullable=False)
    )
    op.add_column("subscription", sa.Column("position", sa.SmallInteger()))
    op.add_column("digest_article", sa.Column("topic_id", Id))


def downgrade() -> None:
    op.drop_column("digest_article", "topic_id")
    op.drop_column("subscription", "position")
    for name in ("digest_empty", "digest_size", "digest_also"):
        op.drop_column("chat", name)
