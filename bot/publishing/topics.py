"""Bring a story under more topics: whoever follows only those gets the story as news, nobody gets an edit."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime

from bot.model.bulletin import BulletinKind
from bot.model.delivery import Lane
from bot.model.story.article import Article, Status
from bot.publishing.correct import STILL_NEWS
from bot.publishing.story import hold
from bot.store.engine.database import Transaction
from bot.store.ledger import bulletins
from bot.store.newsroom import articles


async def add_topics(tx: Transaction, article_id: int, topic_ids: Iterable[int], at: datetime) -> Article:
    """Add the topics and return the story as it stands; its revision stays.

    A story that was published less than a day before is news for the followers of the topics that are new.
    """
    before = await hold(tx, article_id)
    after = replace(before, topic_ids=tuple(sorted({*before.topic_ids, *topic_ids})))
    if after.topic_ids == before.topic_ids:
        return before
    await articles.save(tx, after)
    fresh = before.published_at is not None and at - before.published_at < STILL_NEWS
    if before.status is Status.PUBLISHED and fresh:
        named = "-".join(map(str, after.topic_ids))
        await bulletins.add(
            tx,
            article_id=after.id,
            revision=after.revision,
            kind=BulletinKind.NEW,
            lane=Lane.STORY,
            at=at,
            key=f"{after.id}:topics:{named}"[:128],
            by=None,
            bot_id=await bulletins.bot_of_news(tx, after.id),
        )
    return after
