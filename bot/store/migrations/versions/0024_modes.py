"""When a topic's stories come, chat by chat, the whole wire as one that stands above all topics, and mutes that end.

What was muted is off (0): the topic above went on without it. All else is as usual (4) in its chat.
"""

import sqlalchemy as sa
from alembic import op

revision = "0024"
down_revision = "0023"
branch_labels = None
depends_on = None

ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    mode = sa.Column("mode", sa.SmallInteger(), server_default="4", nullable=False)
    if op.get_bind().dialect.name == "sqlite":
        _rebuild(mode, sa.text("CASE WHEN muted THEN 0 ELSE 4 END"))
    else:
        op.add_column("subscription", mode)
        op.execute("UPDATE subscription SET mode = 0 WHERE muted")
        op.drop_column("subscription", "muted")
        op.drop_constraint("fk_subscription_topic_id", "subscription", type_="foreignkey")
    op.create_table(
        "mute",
        sa.Column("kind", sa.SmallInteger(), autoincrement=False, nullable=False),
        sa.Column("target_id", ID, autoincrement=False, nullable=False),
        sa.Column("chat_id", ID, nullable=False),
        sa.Column("since", sa.BigInteger(), nullable=False),
        sa.Column("until", sa.BigInteger()),
        sa.ForeignKeyConstraint(["chat_id"], ["chat.id"], name=op.f("fk_mute_chat_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("kind", "target_id", "chat_id", name=op.f("pk_mute")),
        sqlite_with_rowid=False,
    )
    op.create_index(op.f("ix_mute_chat_id"), "mute", ["chat_id"])
    ends = sa.text("until IS NOT NULL")
    op.create_index("ix_mute_until", "mute", ["until"], sqlite_where=ends, postgresql_where=ends)


def downgrade() -> None:
    op.drop_table("mute")
    op.execute("DELETE FROM subscription WHERE topic_id = 0")
    muted: sa.Column[bool] = sa.Column(
        "muted", sa.Boolean(), server_default=sa.text("(false)"), nullable=False
    )
    topic = sa.ForeignKeyConstraint(["topic_id"], ["topic.id"], name=op.f("fk_subscription_topic_id"))
    if op.get_bind().dialect.name == "sqlite":
        _rebuild(muted, sa.text("mode = 0"), topic)
        return
    op.add_column("subscription", muted)
    op.execute("UPDATE subscription SET muted = (mode = 0)")
    op.drop_column("subscription", "mode")
    op.create_foreign_key("fk_subscription_topic_id", "subscription", "topic", ["topic_id"], ["id"])


def _rebuild(
    column: sa.Column[int] | sa.Column[bool], value: sa.TextClause, *constraints: sa.Constraint
) -> None:
    """Make SQLite's table anew with another column in place of the one before: it can't drop what refers to topics."""
    op.create_table(
        "subscription_anew",
        sa.Column("topic_id", ID, autoincrement=False, nullable=False),
        sa.Column("chat_id", ID, nullable=False),
        column,
        sa.Column("thread_id", sa.BigInteger()),
        sa.Column("since", sa.BigInteger(), nullable=False),
        sa.Column("position", sa.SmallInteger()),
        sa.ForeignKeyConstraint(
            ["chat_id"], ["chat.id"], name=op.f("fk_subscription_chat_id"), ondelete="CASCADE"
        ),
        *constraints,
        sa.PrimaryKeyConstraint("topic_id", "chat_id", name=op.f("pk_subscription")),
        sqlite_with_rowid=False,
    )
    kept: list[sa.ColumnClause[int]] = [
        sa.column(name) for name in ("topic_id", "chat_id", "thread_id", "since", "position")
    ]
    names = [*(each.name for each in kept), column.name]
    anew = sa.table("subscription_anew", *map(sa.column, names))
    before = sa.select(*kept, value).select_from(sa.table("subscription"))
    op.execute(anew.insert().from_select(names, before))
    op.drop_table("subscription")
    op.rename_table("subscription_anew", "subscription")
    op.create_index(op.f("ix_subscription_chat_id"), "subscription", ["chat_id"])
