"""Finds the story that an item tells again under another identity, and keeps who tells it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from datetime import datetime

from bot.model.story.article import Article, Content, Status
from bot.sources.identity.likeness import Told, keys, same_story
from bot.store.engine.database import Transaction
from bot.store.newsroom import articles, tellings
from bot.store.newsroom.tellings import Telling

MOST_COMPARED = 20
"""With how many stories an item is compared at most, the newest first."""


async def find(tx: Transaction, new: Told, *, release: bool) -> Article | None:
    """Return the story that `new` tells again, or None.

    What a source may `release` is not joined to a draft, which may never go out, nor to another source's
    archive, which nobody was sent.
    """
    ids = await tellings.with_keys(tx, keys(new), MOST_COMPARED)
    if not ids:
        return None
    told: dict[int, list[Telling]] = defaultdict(list)
    for telling in await tellings.of_articles(tx, ids):
        told[telling.article_id].append(telling)
    for candidate in await articles.many(tx, ids):
        if release and _not_sent(candidate, new.source):
            continue
        if _same(_tellings(candidate, told[candidate.id]), new):
            return candidate
    return None


async def remember(tx: Transaction, article_id: int, told: Told, at: datetime) -> None:
    """Let the story be found under what it says now."""
    await tellings.add_keys(tx, article_id, keys(told), at)


def told_of(source: str, content: Content, published: datetime | None, at: datetime) -> Told:
    """Return a story as it is compared; what has no time of its own, or one ahead of ours, counts as told now."""
    return Told(source, content, min(published or at, at))


def _not_sent(article: Article, source: str) -> bool:
    if article.status is Status.DRAFT:
        return True
    return article.status is Status.ARCHIVED and article.source != source


def _tellings(article: Article, others: Iterable[Telling]) -> list[Told]:
    at = article.created_at or article.published_at
    assert at is not None
    first = told_of(article.source, article.content, article.published_at, at)
    return [first, *(told_of(each.source, each.content, each.published, each.joined_at) for each in others)]


def _same(known: list[Told], new: Told) -> bool:
    """Compare with what the same source told, where it told the story before; else with each telling."""
    own = [each for each in known if each.source == new.source]
    return any(same_story(each, new) for each in own or known)
