"""An index that finds the chats somebody brought the bot into."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

WHERE = sa.text("invited_by IS NOT NULL")


def upgrade() -> None:
    op.create_index("ix_chat_invited_by", "chat", ["invited_by"], sqlite_where=WHERE, postgresql_where=WHERE)


def downgrade() -> None:
    op.drop_index("ix_chat_invited_by", table_name="chat")
