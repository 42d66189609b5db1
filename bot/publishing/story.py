"""What publishing, correcting and killing share: the story at hand."""

from __future__ import annotations

from bot.model.errors import Refusal
from bot.model.story.article import Article
from bot.store.engine.database import Transaction
from bot.store.newsroom import articles


async def hold(tx: Transaction, article_id: int, *, lock: bool = True) -> Article:
    """Return the story; nobody else can change it until the transaction ends. Refused where there is none.

    Unless `lock`, the story is only read.
    """
    article = await articles.get(tx, article_id, lock=lock)
    if article is None:
        raise Refusal("not-found")
    return article
