"""What a source last said of a story: what editors changed stands until the source says something new."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from sqlalchemy import select, update

from bot.model.story.article import Content
from bot.store.engine.database import Transaction
from bot.store.newsroom import contents
from bot.store.newsroom.tables import article, revision


@dataclass(frozen=True, slots=True)
class SourceVersion:
    """The content's fingerprint, the source's own categories, and the topics that were chosen for both."""

    fingerprint: str
    categories: frozenset[str]
    topic_ids: frozenset[int]

    def values(self) -> dict[str, Any]:
        """Return the version as it is kept."""
        return {
            "fingerprint": self.fingerprint,
            "categories": sorted(self.categories),
            "topics": sorted(self.topic_ids),
        }


async def get(tx: Transaction, article_id: int) -> SourceVersion | None:
    """Return the version; None where none was kept: an editor's story, or one older than this version's tables."""
    found = await tx.execute(select(article.c.source_version).where(article.c.id == article_id))
    kept = found.scalar_one_or_none()
    return None if kept is None else load(kept)


def load(kept: dict[str, Any]) -> SourceVersion:
    """Return the version of the JSON value that `SourceVersion.values` made."""
    return SourceVersion(kept["fingerprint"], frozenset(kept["categories"]), frozenset(kept["topics"]))


async def keep(tx: Transaction, article_id: int, version: SourceVersion) -> None:
    """Keep what the source says now."""
    await tx.execute(
        update(article).where(article.c.id == article_id).values(source_version=version.values())
    )


async def fingerprint_said(tx: Transaction, article_id: int) -> str | None:
    """Return the fingerprint of the newest revision that no editor made."""
    where = (revision.c.article_id == article_id, revision.c.created_by.is_(None))
    statement = select(revision.c.fingerprint).where(*where).order_by(revision.c.number.desc()).limit(1)
    return (await tx.execute(statement)).scalar_one_or_none()


async def content_said(tx: Transaction, article_id: int) -> Content | None:
    """Return what the newest revision that no editor made says."""
    where = (revision.c.article_id == article_id, revision.c.created_by.is_(None))
    statement = (
        select(*(revision.c[name] for name in contents.FIELDS))
        .where(*where)
        .order_by(revision.c.number.desc())
        .limit(1)
    )
    row = (await tx.execute(statement)).first()
    return contents.read(row) if row else None
