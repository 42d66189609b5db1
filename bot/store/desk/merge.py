"""One topic becomes part of another: whatever hung on it hangs on the other from then on."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import delete, exists, select, update

from bot.model.following.mode import Mode
from bot.store.engine.database import Transaction
from bot.store.following import mutes
from bot.store.newsroom.tables import article_topic, card, feed, staff, topic
from bot.store.tables.audience import subscription


async def move(tx: Transaction, source: int, target: int) -> None:
    """Move subscriptions, stories, rights, open cards and the topics below from one topic to another.

    Who followed either follows the other, in the mode of the other where they had chosen one for both. Who had switched
    off the first decides by what they chose of the other. Mutes of the first end: the other may be far wider.
    """
    await _subscriptions(tx, source, target)
    double = article_topic.alias()
    there = exists().where(double.c.article_id == article_topic.c.article_id, double.c.topic_id == target)
    await tx.execute(delete(article_topic).where(article_topic.c.topic_id == source, there))
    moved = update(article_topic).where(article_topic.c.topic_id == source)
    await tx.execute(moved.values(topic_id=target))
    await tx.execute(
        update(topic).where(topic.c.parent_id == source, topic.c.id != target).values(parent_id=target)
    )
    await _rights(tx, source, target)
    await _cards(tx, source, target)


async def rename_in_feeds(tx: Transaction, slug: str, leads_to: str) -> None:
    """Let feeds name another topic in place of one."""
    for row in (await tx.execute(select(feed.c.id, feed.c.topics))).all():
        if slug in row.topics:
            named = list(dict.fromkeys(leads_to if each == slug else each for each in row.topics))
            await tx.execute(update(feed).where(feed.c.id == row.id).values(topics=named))


async def end(tx: Transaction, source: int, target: int, at: datetime) -> None:
    """Retire the merged topic; its slug, and those of what was merged into it before, lead to the other."""
    values = {"retired_at": at, "merged_into": target, "parent_id": None}
    await tx.execute(update(topic).where(topic.c.id == source).values(values))
    await tx.execute(update(topic).where(topic.c.merged_into == source).values(merged_into=target))


async def _subscriptions(tx: Transaction, source: int, target: int) -> None:
    other = subscription.alias()
    same = other.c.chat_id == subscription.c.chat_id
    off = (subscription.c.topic_id == target, subscription.c.mode == Mode.OFF)
    followed = (same, other.c.topic_id == source, other.c.mode != Mode.OFF)
    theirs = select(other.c.mode).where(*followed).scalar_subquery()
    await tx.execute(update(subscription).where(*off, exists().where(*followed)).values(mode=theirs))
    has = exists().where(same, other.c.topic_id == target)
    gone = delete(subscription).where(subscription.c.topic_id == source)
    await tx.execute(gone.where(has))
    await tx.execute(gone.where(subscription.c.mode == Mode.OFF))
    moved = update(subscription).where(subscription.c.topic_id == source)
    await tx.execute(moved.values(topic_id=target))
    await mutes.forget_topic(tx, source)


async def _rights(tx: Transaction, source: int, target: int) -> None:
    columns = (staff.c.bot_id, staff.c.user_id, staff.c.topics)
    for row in (await tx.execute(select(*columns).where(staff.c.topics.is_not(None)))).all():
        if source in row.topics:
            topics = sorted({target if each == source else each for each in row.topics})
            one = (staff.c.bot_id == row.bot_id, staff.c.user_id == row.user_id)
            changed = {"topics": topics, "version": staff.c.version + 1}
            await tx.execute(update(staff).where(*one).values(changed))


async def _cards(tx: Transaction, source: int, target: int) -> None:
    for row in (await tx.execute(select(card.c.id, card.c.topics).where(card.c.sent_at.is_(None)))).all():
        if source in row.topics:
            topics = list(dict.fromkeys(target if each == source else each for each in row.topics))
            await tx.execute(update(card).where(card.c.id == row.id).values(topics=topics))
