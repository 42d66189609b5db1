"""Stories that belong together: what follows a story up, and what was told of its end; and headlines to find one by."""

from __future__ import annotations

from sqlalchemy import select

from bot.model.story.article import NOTICES, READABLE, TAKEN_BACK, WITHDRAWAL, Article
from bot.store.engine.database import Transaction
from bot.store.newsroom import articles
from bot.store.newsroom.articles import Headline
from bot.store.newsroom.tables import article, revision


async def updates_of(tx: Transaction, article_id: int, limit: int) -> list[Article]:
    """Return the stories that follow one up, the newest first; what was taken back and mere notices left out."""
    where = (article.c.update_of == article_id, article.c.source.not_in(NOTICES))
    there = article.c.status.not_in(TAKEN_BACK)
    found = select(article.c.id).where(*where, there).order_by(article.c.id.desc()).limit(limit)
    return await articles.many(tx, (await tx.execute(found)).scalars().all())


async def withdrawal_of(tx: Transaction, article_id: int) -> Article | None:
    """Return what those were told who had a story that was taken back; None where they were told nothing."""
    where = (article.c.update_of == article_id, article.c.source == WITHDRAWAL)
    found = (await tx.execute(select(article.c.id).where(*where).limit(1))).scalar_one_or_none()
    return None if found is None else await articles.get(tx, found)


async def headlines(tx: Transaction, limit: int) -> list[Headline]:
    """Return the headlines of the newest stories that readers have, or had, newest first."""
    latest_one = (revision.c.article_id == article.c.id) & (revision.c.number == article.c.revision)
    listed = select(article.c.id, revision.c.headline).join(revision, latest_one)
    listed = listed.where(article.c.status.in_((*READABLE, *TAKEN_BACK)), article.c.source.not_in(NOTICES))
    return [Headline(*row) for row in await tx.execute(listed.order_by(article.c.id.desc()).limit(limit))]
