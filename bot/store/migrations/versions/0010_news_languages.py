"""Chats choose the languages of their news; bulletins and cards are for readers of languages.

A chat of before has no choice and gets news of every language, so that nobody loses news. The same holds
for a bulletin that is being planned; an open card is for readers of its story's own language.
"""

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None

COLUMNS = (("chat", "news_languages"), ("bulletin", "languages"), ("card", "languages"))


def upgrade() -> None:
    for table, column in COLUMNS:
        op.add_column(table, sa.Column(column, sa.String(64), nullable=True))


def downgrade() -> None:
    for table, column in COLUMNS:
        op.drop_column(table, column)
