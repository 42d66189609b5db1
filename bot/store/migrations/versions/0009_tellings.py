"""Who else tells a story, keys by which a story is found again, and edits that are held."""

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None

ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    op.create_table(
        "telling",
        sa.Column("source", sa.String(64), nullable=False),
        sa.Column("source_uid", sa.String(512), nullable=False),
        sa.Column("article_id", ID, nullable=False),
        sa.Column("link", sa.Text(), server_default="", nullable=False),
        sa.Column("content", sa.JSON(), nullable=False),
        sa.Column("source_version", sa.JSON(), nullable=False),
        sa.Column("published_at", sa.BigInteger(), nullable=True),
        sa.Column("joined_at", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(
            ["article_id"], ["article.id"], name=op.f("fk_telling_article_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("source", "source_uid", name=op.f("pk_telling")),
    )
    op.create_index(op.f("ix_telling_article_id"), "telling", ["article_id"])
    op.create_table(
        "story_key",
        sa.Column("key", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("article_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("key", "article_id", name=op.f("pk_story_key")),
        sqlite_with_rowid=False,
    )
    op.create_index(op.f("ix_story_key_at"), "story_key", ["at"])
    op.create_table(
        "held_edit",
        sa.Column("article_id", ID, nullable=False),
        sa.Column("source", sa.String(64), nullable=False),
        sa.Column("reason", sa.String(16), nullable=False),
        sa.Column("content", sa.JSON(), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(
            ["article_id"], ["article.id"], name=op.f("fk_held_edit_article_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("article_id", name=op.f("pk_held_edit")),
    )


def downgrade() -> None:
    for table in ("held_edit", "story_key", "telling"):
        op.drop_table(table)
