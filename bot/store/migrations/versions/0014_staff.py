"""Each person has rights of their own, and is found by @name; the audit is only ever added to.

An editor of before keeps what they could do: write, publish, flash. Triggers hold the audit: a row of it can
be neither changed nor deleted, whoever asks. Whoever rebuilds the table makes the triggers anew.
"""

import sqlalchemy as sa
from alembic import op

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None

HELD = ("UPDATE", "DELETE")


def upgrade() -> None:
    op.create_table(
        "staff",
        sa.Column("bot_id", sa.BigInteger(), nullable=False),
        sa.Column("user_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("name", sa.Text(), server_default="", nullable=False),
        sa.Column("rights", sa.JSON(), nullable=False),
        sa.Column("topics", sa.JSON(), nullable=True),
        sa.Column("until", sa.BigInteger(), nullable=True),
        sa.Column("given_by", sa.BigInteger(), nullable=False),
        sa.Column("given_at", sa.BigInteger(), nullable=False),
        sa.Column("version", sa.Integer(), server_default="1", nullable=False),
        sa.Column("ended_at", sa.BigInteger(), nullable=True),
        sa.Column("told_id", sa.BigInteger(), nullable=True),
        sa.Column("told_at", sa.BigInteger(), nullable=True),
        sa.ForeignKeyConstraint(["bot_id"], ["bot.id"], name=op.f("fk_staff_bot_id")),
        sa.PrimaryKeyConstraint("bot_id", "user_id", name=op.f("pk_staff")),
    )
    op.execute(
        "INSERT INTO staff (bot_id, user_id, name, rights, given_by, given_at) "
        """SELECT bot_id, user_id, name, '["flash", "publish", "write"]', added_by, added_at FROM editor"""
    )
    op.drop_table("editor")
    op.add_column("audit", sa.Column("hand", sa.String(8), server_default="", nullable=False))
    op.add_column("audit", sa.Column("topics", sa.JSON(), nullable=True))
    op.add_column("audit", sa.Column("difference", sa.JSON(), nullable=True))
    op.create_index(op.f("ix_audit_article_id"), "audit", ["article_id"])
    _hold()
    op.add_column("chat", sa.Column("username", sa.String(32), nullable=True))
    named = sa.text("username IS NOT NULL")
    op.create_index(
        "ix_chat_username", "chat", ["bot_id", "username"], sqlite_where=named, postgresql_where=named
    )


def downgrade() -> None:
    op.drop_index("ix_chat_username", "chat")
    op.drop_column("chat", "username")
    _release()
    op.drop_index(op.f("ix_audit_article_id"), "audit")
    for column in ("difference", "topics", "hand"):
        op.drop_column("audit", column)
    op.create_table(
        "editor",
        sa.Column("bot_id", sa.BigInteger(), nullable=False),
        sa.Column("user_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("name", sa.Text(), server_default="", nullable=False),
        sa.Column("added_by", sa.BigInteger(), nullable=False),
        sa.Column("added_at", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(["bot_id"], ["bot.id"], name=op.f("fk_editor_bot_id")),
        sa.PrimaryKeyConstraint("bot_id", "user_id", name=op.f("pk_editor")),
    )
    # An editor of before could flash everything, for good: whoever has less than that is none.
    op.execute(
        "INSERT INTO editor (bot_id, user_id, name, added_by, added_at) "
        "SELECT bot_id, user_id, name, given_by, given_at FROM staff "
        "WHERE CAST(rights AS TEXT) LIKE '%\"flash\"%' AND topics IS NULL AND until IS NULL"
    )
    op.drop_table("staff")


def _hold() -> None:
    if op.get_bind().dialect.name == "sqlite":
        for deed in HELD:
            op.execute(
                f"CREATE TRIGGER audit_no_{deed.lower()} BEFORE {deed} ON audit "
                "BEGIN SELECT RAISE(ABORT, 'the audit is only ever added to'); END"
            )
        return
    op.execute(
        "CREATE FUNCTION hold_audit() RETURNS trigger LANGUAGE plpgsql AS "
        "$$ BEGIN RAISE EXCEPTION 'the audit is only ever added to'; END $$"
    )
    op.execute(
        "CREATE TRIGGER audit_held BEFORE UPDATE OR DELETE OR TRUNCATE ON audit "
        "FOR EACH STATEMENT EXECUTE FUNCTION hold_audit()"
    )


def _release() -> None:
    if op.get_bind().dialect.name == "sqlite":
        for deed in HELD:
            op.execute(f"DROP TRIGGER IF EXISTS audit_no_{deed.lower()}")
        return
    op.execute("DROP TRIGGER IF EXISTS audit_held ON audit")
    op.execute("DROP FUNCTION IF EXISTS hold_audit()")
