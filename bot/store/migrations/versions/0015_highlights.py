"""Stories that editors pick by hand: their order, and the digests that they head or make up."""

import sqlalchemy as sa
from alembic import op

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None

ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    op.create_table(
        "highlights",
        sa.Column("id", ID, nullable=False),
        sa.Column("bot_id", sa.BigInteger(), nullable=False),
        sa.Column("state", sa.String(16), nullable=False),
        sa.Column("version", sa.Integer(), server_default="1", nullable=False),
        sa.Column("headline", sa.String(128), server_default="", nullable=False),
        sa.Column("everybody", sa.Boolean(), server_default=sa.text("false"), nullable=False),
        sa.Column("made_by", sa.BigInteger(), nullable=True),
        sa.Column("made_at", sa.BigInteger(), nullable=False),
        sa.Column("release_at", sa.BigInteger(), nullable=True),
        sa.Column("zone", sa.String(64), server_default="", nullable=False),
        sa.Column("cursor", sa.BigInteger(), server_default="0", nullable=False),
        sa.Column("ceiling", sa.BigInteger(), server_default="0", nullable=False),
        sa.ForeignKeyConstraint(["bot_id"], ["bot.id"], name=op.f("fk_highlights_bot_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_highlights")),
        sqlite_autoincrement=True,
    )
    at_work = sa.text("state NOT IN ('done', 'dropped')")
    op.create_index(
        "ix_highlights_at_work",
        "highlights",
        ["bot_id", "state"],
        sqlite_where=at_work,
        postgresql_where=at_work,
    )
    op.create_table(
        "highlights_article",
        sa.Column("highlights_id", ID, nullable=False),
        sa.Column("article_id", ID, nullable=False),
        sa.Column("position", sa.SmallInteger(), nullable=False),
        sa.ForeignKeyConstraint(
            ["highlights_id"],
            ["highlights.id"],
            name=op.f("fk_highlights_article_highlights_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["article_id"], ["article.id"], name=op.f("fk_highlights_article_article_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("highlights_id", "article_id", name=op.f("pk_highlights_article")),
        sqlite_with_rowid=False,
    )
    op.add_column("digest", sa.Column("highlights_id", ID, nullable=True))
    some = sa.text("highlights_id IS NOT NULL")
    op.create_index(
        "ix_digest_highlights",
        "digest",
        ["highlights_id", "chat_id"],
        sqlite_where=some,
        postgresql_where=some,
    )


def downgrade() -> None:
    op.drop_index("ix_digest_highlights", "digest")
    op.drop_column("digest", "highlights_id")
    op.drop_table("highlights_article")
    op.drop_table("highlights")
