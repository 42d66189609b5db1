"""A list of digest times; quiet hours at weekends, caps, silence, absences; what digests tell is kept once for all.

What chats chose stays: one or two hours become a list of hours for every day. Each digest kept its stories itself;
from now on an edition does, which has the number of the digest that it was made from.
"""

import sqlalchemy as sa
from alembic import op

revision = "0025"
down_revision = "0024"
branch_labels = None
depends_on = None

ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
FALSE = sa.text("false")


def upgrade() -> None:
    op.add_column("chat", sa.Column("digest_times", sa.String(64)))
    op.execute(
        "UPDATE chat SET digest_times = digest_minute || '\\:127' || "
        "CASE WHEN digest_also IS NULL THEN '' ELSE ' ' || digest_also || '\\:127' END "
        "WHERE digest_minute IS NOT NULL"
    )
    for name in ("digest_also", "digest_minute"):
        op.drop_column("chat", name)
    for name in ("bounded", "silent", "away_flash"):
        op.add_column("chat", sa.Column(name, sa.Boolean(), server_default=FALSE, nullable=False))
    for name in ("weekend_from", "weekend_to", "most_hour", "most_day"):
        op.add_column("chat", sa.Column(name, sa.SmallInteger()))
    op.add_column("chat", sa.Column("merges", sa.Boolean()))
    for name in ("away_since", "away_until"):
        op.add_column("chat", sa.Column(name, sa.BigInteger()))
    op.add_column("subscription", sa.Column("most", sa.SmallInteger()))
    op.create_table(
        "catch_up",
        sa.Column("chat_id", ID, autoincrement=False, nullable=False),
        sa.Column("bot_id", sa.BigInteger(), nullable=False),
        sa.Column("due_at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("chat_id", name=op.f("pk_catch_up")),
        sqlite_with_rowid=False,
    )
    op.create_index(op.f("ix_catch_up_due_at"), "catch_up", ["due_at"])
    _make_editions()


def _make_editions() -> None:
    op.create_table(
        "edition",
        sa.Column("id", ID, nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_edition")),
        sqlite_autoincrement=True,
    )
    told = "SELECT DISTINCT digest_id FROM digest_article"
    op.execute(f"INSERT INTO edition (id) {told}")
    op.add_column("digest", sa.Column("edition_id", ID))
    op.add_column("digest", sa.Column("occasion", sa.String(16)))
    op.execute(f"UPDATE digest SET edition_id = id WHERE id IN ({told})")  # noqa: S608
    op.create_index(op.f("ix_digest_edition_id_chat_id"), "digest", ["edition_id", "chat_id"])
    _keep_under("edition", "digest_id AS edition_id")
    if op.get_bind().dialect.name == "postgresql":
        op.execute("SELECT setval('edition_id_seq', (SELECT coalesce(max(id), 1) FROM digest))")


def downgrade() -> None:
    op.execute(
        "CREATE TABLE kept AS SELECT digest.id AS digest_id, article_id, position, topic_id FROM digest_article "
        "JOIN digest ON digest.edition_id = digest_article.edition_id"
    )
    op.drop_table("digest_article")
    _make_listing("digest")
    op.drop_index(op.f("ix_digest_edition_id_chat_id"), "digest")
    for name in ("occasion", "edition_id"):
        op.drop_column("digest", name)
    op.drop_table("edition")
    op.drop_index(op.f("ix_catch_up_due_at"), "catch_up")
    op.drop_table("catch_up")
    op.drop_column("subscription", "most")
    for name in ("away_until", "away_since", "merges", "most_day", "most_hour", "weekend_to", "weekend_from"):
        op.drop_column("chat", name)
    for name in ("away_flash", "silent", "bounded", "digest_times"):
        op.drop_column("chat", name)
    for name in ("digest_minute", "digest_also"):
        op.add_column("chat", sa.Column(name, sa.SmallInteger()))


def _keep_under(owner: str, columns: str) -> None:
    op.execute(f"CREATE TABLE kept AS SELECT {columns}, article_id, position, topic_id FROM digest_article")  # noqa: S608
    op.drop_table("digest_article")
    _make_listing(owner)


def _make_listing(owner: str) -> None:
    op.create_table(
        "digest_article",
        sa.Column(f"{owner}_id", ID, nullable=False),
        sa.Column("article_id", ID, nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("topic_id", ID),
        sa.ForeignKeyConstraint(
            [f"{owner}_id"], [f"{owner}.id"], name=op.f(f"fk_digest_article_{owner}_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["article_id"], ["article.id"], name=op.f("fk_digest_article_article_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint(f"{owner}_id", "article_id", name=op.f("pk_digest_article")),
        sqlite_with_rowid=False,
    )
    names = f"{owner}_id, article_id, position, topic_id"
    op.execute(f"INSERT INTO digest_article ({names}) SELECT {names} FROM kept")  # noqa: S608
    op.drop_table("kept")
    op.create_index(op.f("ix_digest_article_article_id"), "digest_article", ["article_id"])
