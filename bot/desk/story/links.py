"""The links of a story in the making: which are to be looked at, and what was seen. Whoever looks stands elsewhere."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from bot.model.story.article import IN_THE_MAKING, Article
from bot.model.story.links import links_in, story_linked
from bot.store.desk import link_looks
from bot.store.engine.database import Database, Transaction

MOST = 10
"""How many links of a story are looked at."""

FRESH, HOLDS = timedelta(minutes=10), timedelta(hours=1)
"""After how long a revision's links are looked at again, and for how long what was seen holds."""


async def to_look_at(db: Database, article: Article, at: datetime) -> list[str]:
    """Return the links to look at; none where that was done a moment ago, and once readers have the story."""
    wanted = [each for each in links_in(article.content.blocks) if story_linked(each) is None][:MOST]
    if not wanted or article.status not in IN_THE_MAKING:
        return []
    async with db.read() as tx:
        seen = await link_looks.dead_of(tx, article.id, article.revision, at - FRESH)
    return wanted if seen is None else []


async def note(db: Database, article: Article, dead: Sequence[str], at: datetime) -> None:
    """Keep which links led nowhere at that time."""
    async with db.write() as tx:
        await link_looks.keep(tx, article.id, article.revision, dead, at=at)


async def dead_ones(tx: Transaction, article: Article, at: datetime) -> list[str]:
    """Return the links of the story as it stands that led nowhere when they were looked at last."""
    if not links_in(article.content.blocks):
        return []
    return await link_looks.dead_of(tx, article.id, article.revision, at - HOLDS) or []
