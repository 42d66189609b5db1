"""Stories as people put them into chats of theirs, and an index that knows topics, languages and short beginnings.

The index is filled anew by the running bot, the newest stories first.
"""

import sqlalchemy as sa
from alembic import op

revision = "0028"
down_revision = "0027"
branch_labels = None
depends_on = None

FTS5 = """
    CREATE VIRTUAL TABLE search_text USING fts5 (
        headline, lead, body, content = '', tokenize = 'ascii', prefix = '{prefix}'
    )
"""


def upgrade() -> None:
    op.create_table(
        "shared_story",
        sa.Column("bot_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("inline_message_id", sa.String(128), nullable=False),
        sa.Column("article_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("language", sa.String(8), nullable=False),
        sa.Column("zone", sa.String(64), nullable=False),
        sa.Column("shared_at", sa.BigInteger(), nullable=False),
        sa.Column("due_at", sa.BigInteger(), nullable=True),
        sa.Column("attempts", sa.SmallInteger(), server_default="0", nullable=False),
        sa.ForeignKeyConstraint(
            ["article_id"], ["article.id"], name=op.f("fk_shared_story_article_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("bot_id", "inline_message_id", name=op.f("pk_shared_story")),
    )
    op.create_index(op.f("ix_shared_story_article_id"), "shared_story", ["article_id"])
    op.create_index(op.f("ix_shared_story_shared_at"), "shared_story", ["shared_at"])
    due = sa.text("due_at IS NOT NULL")
    op.create_index(
        "ix_shared_story_due", "shared_story", ["bot_id", "due_at"], sqlite_where=due, postgresql_where=due
    )
    _make_anew("3 4 5")


def downgrade() -> None:
    op.drop_table("shared_story")
    _make_anew("3")


def _make_anew(prefix: str) -> None:
    """Leave PostgreSQL's index as it is: there the running bot puts each story in the place of what was there."""
    if op.get_bind().dialect.name == "sqlite":
        op.execute("DROP TABLE search_text")
        op.execute("DELETE FROM search_entry")
        op.execute(FTS5.format(prefix=prefix))
