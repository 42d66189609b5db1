"""Threads that somebody chose, the line under a channel's posts, and what is told of troubles in chats."""

import sqlalchemy as sa
from alembic import op

revision = "0027"
down_revision = "0026"
branch_labels = None
depends_on = None

ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
COLUMNS = ("digest_thread", "flash_thread", "footer_id", "chosen_by")
FOUND_BY = ("chosen_by", "footer_id")


def _some(name: str, table: str, columns: list[str], where: str) -> None:
    chosen = sa.text(where)
    op.create_index(name, table, columns, sqlite_where=chosen, postgresql_where=chosen)


def upgrade() -> None:
    for column in COLUMNS:
        op.add_column("chat", sa.Column(column, sa.BigInteger(), nullable=True))
    for column in FOUND_BY:
        _some(f"ix_chat_{column}", "chat", [column], f"{column} IS NOT NULL")
    op.create_table(
        "thread",
        sa.Column("chat_id", ID, nullable=False),
        sa.Column("thread_id", sa.BigInteger(), nullable=False),
        sa.Column("name", sa.String(length=128), server_default="", nullable=False),
        sa.Column("topic_id", ID, nullable=True),
        sa.ForeignKeyConstraint(["chat_id"], ["chat.id"], name=op.f("fk_thread_chat_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("chat_id", "thread_id", name=op.f("pk_thread")),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "footer",
        sa.Column("id", ID, nullable=False),
        sa.Column("words", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_footer")),
        sa.UniqueConstraint("words", name=op.f("uq_footer_words")),
        sqlite_autoincrement=True,
    )
    op.create_table(
        "chat_notice",
        sa.Column("id", ID, nullable=False),
        sa.Column("bot_id", sa.BigInteger(), nullable=False),
        sa.Column("chat_id", ID, nullable=False),
        sa.Column("user_id", sa.BigInteger(), nullable=False),
        sa.Column("trouble", sa.String(length=16), nullable=False),
        sa.Column("thread_id", sa.BigInteger(), server_default="0", nullable=False),
        sa.Column("detail", sa.String(length=128), server_default="", nullable=False),
        sa.Column("noted_at", sa.BigInteger(), nullable=False),
        sa.Column("told_at", sa.BigInteger(), nullable=True),
        sa.Column("ended_at", sa.BigInteger(), nullable=True),
        sa.ForeignKeyConstraint(["bot_id"], ["bot.id"], name=op.f("fk_chat_notice_bot_id")),
        sa.ForeignKeyConstraint(
            ["chat_id"], ["chat.id"], name=op.f("fk_chat_notice_chat_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_chat_notice")),
        sa.UniqueConstraint(
            "chat_id",
            "user_id",
            "trouble",
            "thread_id",
            name=op.f("uq_chat_notice_chat_id_user_id_trouble_thread_id"),
        ),
        sqlite_autoincrement=True,
    )
    op.create_index(op.f("ix_chat_notice_user_id"), "chat_notice", ["user_id"])
    _some("ix_chat_notice_untold", "chat_notice", ["bot_id", "noted_at"], "told_at IS NULL")


def downgrade() -> None:
    for table in ("chat_notice", "footer", "thread"):
        op.drop_table(table)
    for column in FOUND_BY:
        op.drop_index(f"ix_chat_{column}", "chat")
    for column in reversed(COLUMNS):
        op.drop_column("chat", column)
