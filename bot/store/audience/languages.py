"""In which languages the newsroom tells its news."""

from __future__ import annotations

from sqlalchemy import func, select

from bot.model.languages import ANY, Codes, primary
from bot.model.story.article import Status
from bot.store.engine.database import Transaction
from bot.store.newsroom.tables import article, feed, revision
from bot.tongues import chain

LOOKED_AT = 100
"""How many of the newest stories are looked at."""

LEAST_SHARE = 0.1
"""A language of fewer stories than this share, that no feed names, is an exception and not told regularly."""


async def usual(tx: Transaction, language: str) -> Codes:
    """Return the languages of the news of whoever has not chosen: their own, and those that stand in for it.

    Every one where the newsroom tells news in none of them.
    """
    # Whose language the newsroom does not speak would get nothing of it.
    regular = await told(tx)
    return tuple(code for code in chain(language) if code in regular) or ANY


async def told(tx: Transaction) -> list[str]:
    """Return the codes of the languages that the feeds are in, or a tenth of the latest stories, in order of code."""
    newest = (
        select(article.c.id, article.c.revision)
        .where(article.c.status == Status.PUBLISHED)
        .order_by(article.c.published_at.desc())
        .limit(LOOKED_AT)
        .subquery()
    )
    of_it = (revision.c.article_id == newest.c.id) & (revision.c.number == newest.c.revision)
    counted = select(revision.c.language, func.count()).join(newest, of_it).group_by(revision.c.language)
    stories: dict[str, int] = {}
    for language, count in await tx.execute(counted):
        stories[primary(language)] = stories.get(primary(language), 0) + count
    least = LEAST_SHARE * sum(stories.values())
    named = (await tx.execute(select(feed.c.language).where(feed.c.retired_at.is_(None)))).scalars()
    regular = {code for code, count in stories.items() if count >= least}
    return sorted({code for code in (*map(primary, named), *regular) if code})
