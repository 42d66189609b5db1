"""The desk's cards are kept up to date, a group can be the desk, and people are told what was done."""

import sqlalchemy as sa
from alembic import op

revision = "0019"
down_revision = "0018"
branch_labels = None
depends_on = None


def upgrade() -> None:
    no, without_rowid = sa.text("false"), {"sqlite_with_rowid": False}
    op.create_table(
        "shown_card",
        sa.Column("bot_id", sa.BigInteger(), nullable=False),
        sa.Column("chat_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("article_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("message_id", sa.BigInteger(), nullable=False),
        sa.Column("thread_id", sa.BigInteger(), nullable=True),
        sa.Column("flash_id", sa.BigInteger(), nullable=True),
        sa.Column("user_id", sa.BigInteger(), nullable=True),
        sa.Column("state", sa.String(80), server_default="", nullable=False),
        sa.Column("imprint", sa.String(64), server_default="", nullable=False),
        sa.Column("going", sa.Boolean(), server_default=no, nullable=False),
        sa.Column("sinks", sa.Boolean(), server_default=no, nullable=False),
        sa.Column("sent_at", sa.BigInteger(), nullable=False),
        sa.Column("next_at", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(["bot_id"], ["bot.id"], name=op.f("fk_shown_card_bot_id")),
        sa.PrimaryKeyConstraint("bot_id", "chat_id", "article_id", name=op.f("pk_shown_card")),
        **without_rowid,
    )
    of_message = ["bot_id", "chat_id", "message_id"]
    op.create_index(op.f("ix_shown_card_bot_id_chat_id_message_id"), "shown_card", of_message)
    op.create_table(
        "desk_group",
        sa.Column("bot_id", sa.BigInteger(), nullable=False),
        sa.Column("chat_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("thread_id", sa.BigInteger(), nullable=True),
        sa.Column("chosen_at", sa.BigInteger(), nullable=False),
        sa.Column("listed_at", sa.BigInteger(), nullable=True),
        sa.ForeignKeyConstraint(["bot_id"], ["bot.id"], name=op.f("fk_desk_group_bot_id")),
        sa.PrimaryKeyConstraint("bot_id", "chat_id", name=op.f("pk_desk_group")),
        **without_rowid,
    )
    op.create_table(
        "desk_told",
        sa.Column("bot_id", sa.BigInteger(), nullable=False),
        sa.Column("deed_id", sa.BigInteger(), nullable=False),
        sa.Column("article_id", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(["bot_id"], ["bot.id"], name=op.f("fk_desk_told_bot_id")),
        sa.PrimaryKeyConstraint("bot_id", name=op.f("pk_desk_told")),
        **without_rowid,
    )
    _notices(no)
    op.create_table(
        "desk_mute",
        sa.Column("bot_id", sa.BigInteger(), nullable=False),
        sa.Column("user_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.ForeignKeyConstraint(["bot_id"], ["bot.id"], name=op.f("fk_desk_mute_bot_id")),
        sa.PrimaryKeyConstraint("bot_id", "user_id", name=op.f("pk_desk_mute")),
        **without_rowid,
    )


def downgrade() -> None:
    for table in ("desk_mute", "desk_notice", "desk_told", "desk_group", "shown_card"):
        op.drop_table(table)


def _notices(no: sa.TextClause) -> None:
    op.create_table(
        "desk_notice",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("bot_id", sa.BigInteger(), nullable=False),
        sa.Column("user_id", sa.BigInteger(), nullable=False),
        sa.Column("deed_id", sa.BigInteger(), nullable=False),
        sa.Column("article_id", sa.BigInteger(), nullable=False),
        sa.Column("verb", sa.String(32), nullable=False),
        sa.Column("actor", sa.BigInteger(), nullable=True),
        sa.Column("note", sa.Text(), server_default="", nullable=False),
        sa.Column("loud", sa.Boolean(), server_default=no, nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.Column("taken_at", sa.BigInteger(), nullable=True),
        sa.ForeignKeyConstraint(["bot_id"], ["bot.id"], name=op.f("fk_desk_notice_bot_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_desk_notice")),
    )
    op.create_index("uq_desk_notice_deed", "desk_notice", ["bot_id", "user_id", "deed_id"], unique=True)
    op.create_index(op.f("ix_desk_notice_at"), "desk_notice", ["at"])
