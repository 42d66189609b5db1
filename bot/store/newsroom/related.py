"""Stories that belong beside a story."""

from __future__ import annotations

from bot.model.languages import primary
from bot.model.search.query import Query
from bot.model.story.article import Article
from bot.store.engine.database import Transaction
from bot.store.newsroom import articles
from bot.store.newsroom.search.alike import alike
from bot.store.newsroom.search.find import find


async def related(tx: Transaction, to: Article, limit: int) -> list[Article]:
    """Return others of the article's topics, in its language: those that share rare words with it, then the newest."""
    if not to.topic_ids:
        return []
    query = Query(topic_ids=to.topic_ids, languages=(primary(to.content.language),))
    at = to.published_at or to.created_at
    found = await alike(tx, to.content, at, query, limit + 1) if at else []
    if len(set(found) - {to.id}) < limit:
        found += await find(tx, query, limit + 1 + len(found))
    return await articles.many(tx, [each for each in dict.fromkeys(found) if each != to.id][:limit])
