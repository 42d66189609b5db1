"""Which alerts a story concerns: what it says is compared once with what all chats watch for."""

from __future__ import annotations

from datetime import datetime, timedelta

from bot.matching.alert_index import AlertIndex, SaidWords
from bot.model.audience import Followers, Watchers
from bot.model.bulletin import Bulletin, BulletinKind
from bot.model.delivery import Lane
from bot.model.story.article import NOTICES, Article, Status
from bot.store.engine.database import Transaction
from bot.store.ledger import bulletins
from bot.store.newsroom import articles
from bot.store.newsroom.search import synonyms
from bot.store.watch import matches

STILL_NEWS = timedelta(days=1)
"""How long after its publication a story that was corrected is news to those whose words it has only now."""


async def note(tx: Transaction, told: Bulletin, now: datetime, index: AlertIndex) -> None:
    """Keep which alerts the story of a bulletin concerns, before the first chats are planned.

    Where a correction brings words that somebody watches for, a bulletin of its own is decided for those chats.
    """
    if not _concerns(told) or not await matches.any_kept(tx):
        return
    article = await articles.get(tx, told.article_id)
    if article is None or article.status is not Status.PUBLISHED or article.source in NOTICES:
        return
    new = await compare(tx, article, index)
    if new and told.kind is BulletinKind.CORRECTED and await _still_news(tx, article, now):
        await bulletins.add(
            tx,
            article_id=article.id,
            revision=article.revision,
            kind=BulletinKind.NEW,
            lane=Lane.FLASH if article.flash else Lane.STORY,
            audience=Watchers(languages=await bulletins.languages_of_news(tx, article.id)),
            at=now,
            key=f"{article.id}:{article.revision}:words",
            by=None,
            bot_id=await bulletins.bot_of_news(tx, article.id),
        )


async def compare(tx: Transaction, article: Article, index: AlertIndex) -> bool:
    """Keep which conditions a story meets as it stands; return whether it meets any that it did not meet before."""
    await index.refresh(tx)
    met = index.met(SaidWords(article.content, await synonyms.load(tx)))
    return await matches.put(tx, article.id, met)


def _concerns(told: Bulletin) -> bool:
    if told.kind is BulletinKind.CORRECTED:
        return True
    return told.kind is BulletinKind.NEW and isinstance(told.audience, Followers | Watchers)


async def _still_news(tx: Transaction, article: Article, now: datetime) -> bool:
    if article.published_at is None or now - article.published_at >= STILL_NEWS:
        return False
    # What an editor stopped is brought back by no alert.
    news = [each for each in await bulletins.all_of(tx, article.id) if each.kind is BulletinKind.NEW]
    return bool(news) and all(each.stopped_at is None for each in news)
