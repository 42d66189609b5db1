"""What a search of the archive reads beside the articles.

The index of full text is the database's own and named search_text: made by its migration, an FTS5 table on SQLite, a
column of stems on PostgreSQL.
"""

from __future__ import annotations

from sqlalchemy import JSON, Column, ForeignKey, Integer, LargeBinary, SmallInteger, String, Table

from bot.store.engine.schema import Id, metadata

# A story in the index. The place grows with the time of publication, so that the newest is found first.
search_entry = Table(
    "search_entry",
    metadata,
    Column("place", Id, primary_key=True, autoincrement=False),
    Column("article_id", Id, ForeignKey("article.id", ondelete="CASCADE"), nullable=False, unique=True),
    Column("revision", Integer, nullable=False),
    Column("language", String(8), nullable=False),
    # By which rules the stems were made.
    Column("version", SmallInteger, nullable=False),
    # SQLite's index forgets a story only where it is told again what it was given.
    Column("stems", LargeBinary),
)

# Words that mean the same to readers, as the newsroom file groups them.
synonym = Table(
    "synonym",
    metadata,
    Column("id", Id, primary_key=True),
    Column("words", JSON, nullable=False),
)
