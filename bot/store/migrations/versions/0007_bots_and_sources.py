"""Bulletins, audit and alerts know their bot; feeds have a kind; articles remember their source's last version."""

import json

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("bulletin", sa.Column("bot_id", sa.BigInteger(), nullable=True))
    op.add_column("bulletin", sa.Column("deliveries", sa.Integer(), server_default="0", nullable=False))
    op.add_column("audit", sa.Column("bot_id", sa.BigInteger(), nullable=True))
    op.add_column("article", sa.Column("source_version", sa.JSON(), nullable=True))
    op.add_column("feed", sa.Column("kind", sa.String(16), server_default="feed", nullable=False))
    _join_cursors()
    _split_alerts()


def downgrade() -> None:
    _part_cursors()
    _share_alerts()
    for table, column in (
        ("feed", "kind"),
        ("article", "source_version"),
        ("audit", "bot_id"),
        ("bulletin", "deliveries"),
        ("bulletin", "bot_id"),
    ):
        op.drop_column(table, column)


def _join_cursors() -> None:
    """Keep what names a feed's version as one value, whose words only the feed's kind knows."""
    op.add_column("feed", sa.Column("cursor", sa.JSON(), server_default=sa.text("'{}'"), nullable=False))
    feed = sa.table("feed", *(sa.column(name) for name in ("id", "etag", "last_modified")))
    for feed_id, etag, modified in op.get_bind().execute(sa.select(feed)).all():
        named = {"etag": etag, "last_modified": modified}
        _set_cursor(feed_id, {name: value for name, value in named.items() if value})
    op.drop_column("feed", "etag")
    op.drop_column("feed", "last_modified")


def _set_cursor(feed_id: int, cursor: dict[str, str]) -> None:
    feed = sa.table("feed", sa.column("id"), sa.column("cursor", sa.JSON()))
    op.execute(sa.update(feed).where(feed.c.id == feed_id).values(cursor=cursor))


def _part_cursors() -> None:
    op.add_column("feed", sa.Column("etag", sa.Text(), nullable=True))
    op.add_column("feed", sa.Column("last_modified", sa.Text(), nullable=True))
    names = ("id", "etag", "last_modified")
    feed = sa.table("feed", *(sa.column(name) for name in names), sa.column("cursor", sa.JSON()))
    for feed_id, cursor in op.get_bind().execute(sa.select(feed.c.id, feed.c.cursor)).all():
        known = json.loads(cursor) if isinstance(cursor, str) else cursor or {}
        values = {name: known.get(name) for name in names[1:]}
        op.execute(sa.update(feed).where(feed.c.id == feed_id).values(values))
    op.drop_column("feed", "cursor")


def _split_alerts() -> None:
    """Let each bot's owners be alerted for themselves; so far an alert was sent once for all bots."""
    op.create_table(
        "alert_sent",
        sa.Column("bot_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("key", sa.String(128), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("bot_id", "key", name="pk_alert_sent"),
    )
    op.execute(
        "INSERT INTO alert_sent (bot_id, key, at) SELECT bot.id, told.key, told.at FROM told CROSS JOIN bot"
    )
    op.drop_table("told")


def _share_alerts() -> None:
    op.create_table(
        "told",
        sa.Column("key", sa.String(128), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("key", name="pk_told"),
    )
    op.execute("INSERT INTO told (key, at) SELECT key, max(at) FROM alert_sent GROUP BY key")
    op.drop_table("alert_sent")
