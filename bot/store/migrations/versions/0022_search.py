"""A search of the archive. What was published before is put into the index by the running bot, some at a time."""

import sqlalchemy as sa
from alembic import op

revision = "0022"
down_revision = "0021"
branch_labels = None
depends_on = None

ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")

# The words come as stems with blanks between them: nothing is left to the tokenizer. Whatever is beyond ASCII is a
# letter to this one.
FTS5 = """
    CREATE VIRTUAL TABLE search_text USING fts5 (
        headline, lead, body, content = '', tokenize = 'ascii', prefix = '3'
    )
"""


def upgrade() -> None:
    op.create_table(
        "search_entry",
        sa.Column("place", ID, autoincrement=False, nullable=False),
        sa.Column("article_id", ID, nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("language", sa.String(8), nullable=False),
        sa.Column("version", sa.SmallInteger(), nullable=False),
        sa.Column("stems", sa.LargeBinary(), nullable=True),
        sa.ForeignKeyConstraint(
            ["article_id"], ["article.id"], name=op.f("fk_search_entry_article_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("place", name=op.f("pk_search_entry")),
        sa.UniqueConstraint("article_id", name=op.f("uq_search_entry_article_id")),
    )
    op.create_table(
        "synonym",
        sa.Column("id", ID, nullable=False),
        sa.Column("words", sa.JSON(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_synonym")),
    )
    if op.get_bind().dialect.name == "sqlite":
        op.execute(FTS5)
        return
    # A story's stems stay in their row: to fetch them from elsewhere costs more than to compare them. A list of what
    # is not yet in the index would be read by each search.
    op.execute(
        "CREATE TABLE search_text (place BIGINT PRIMARY KEY REFERENCES search_entry ON DELETE CASCADE, "
        "stems TSVECTOR NOT NULL) WITH (toast_tuple_target = 8160)"
    )
    op.execute("CREATE INDEX ix_search_text_stems ON search_text USING gin (stems) WITH (fastupdate = off)")


def downgrade() -> None:
    op.drop_table("search_text")
    op.drop_table("synonym")
    op.drop_table("search_entry")
