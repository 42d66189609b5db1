"""Digests: what a chat's topics brought that it was not shown at once."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import exists, insert, select
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.model.article import Article, Status
from bot.model.chat import Chat, ChatState, follows
from bot.model.delivery import State, SubjectKind
from bot.model.topic import Topics
from bot.store import articles, chats
from bot.store.tables import article, article_topic, chat, delivery, digest, digest_article

MOST = 200


async def contents(
    tx: AsyncConnection, one: Chat, topics: Topics, *, since: datetime, until: datetime, limit: int = 30
) -> list[tuple[int, list[int]]]:
    """Return (topic id, article ids) of what the chat follows and has not got, newest first.

    Each story stands once, under the first of its topics that the chat follows, in the newsroom's order.
    """
    chosen = {topic_id: not each.muted for topic_id, each in (await chats.subscriptions(tx, one.id)).items()}
    followed = [topic.id for topic in topics.all if follows(topics.chain(topic.id), chosen)]
    got = exists().where(
        delivery.c.bot_id == one.bot_id,
        delivery.c.kind == SubjectKind.ARTICLE,
        delivery.c.subject_id == article.c.id,
        delivery.c.chat_id == one.id,
        delivery.c.state.in_((State.DONE, State.WAITING, State.CLAIMED)),
    )
    statement = (
        select(article.c.id, article_topic.c.topic_id)
        .join(article_topic, article_topic.c.article_id == article.c.id)
        .where(article.c.status == Status.PUBLISHED)
        .where(article.c.published_at > since, article.c.published_at <= until)
        .where(article_topic.c.topic_id.in_(followed), ~got)
        .order_by(article.c.published_at.desc(), article.c.id.desc())
        .limit(MOST)
    )
    order = {topic_id: at for at, topic_id in enumerate(followed)}
    under: dict[int, int] = {}
    for article_id, topic_id in await tx.execute(statement):
        known = under.setdefault(article_id, topic_id)
        if order[topic_id] < order[known]:
            under[article_id] = topic_id
    newest = list(under)[:limit]
    groups = [(topic_id, [at for at in newest if under[at] == topic_id]) for topic_id in followed]
    return [group for group in groups if group[1]]


async def due(tx: AsyncConnection, bot_id: int, now: datetime, limit: int) -> list[int]:
    """Return chats whose digest is due, the longest due first."""
    where = (chat.c.bot_id == bot_id, chat.c.state == ChatState.ACTIVE, chat.c.digest_due <= now)
    statement = select(chat.c.id).where(*where).order_by(chat.c.digest_due).limit(limit)
    return list((await tx.execute(statement)).scalars())


async def add(
    tx: AsyncConnection, chat_id: int, groups: Sequence[tuple[int, list[int]]], since: datetime, at: datetime
) -> int:
    """Keep a digest and return its id."""
    new = insert(digest).values(chat_id=chat_id, since=since, created_at=at).returning(digest.c.id)
    digest_id = int((await tx.execute(new)).scalar_one())
    listed = [article_id for _, ids in groups for article_id in ids]
    rows = [
        {"digest_id": digest_id, "article_id": article_id, "position": position}
        for position, article_id in enumerate(listed)
    ]
    await tx.execute(insert(digest_article), rows)
    return digest_id


async def stories(tx: AsyncConnection, digest_id: int) -> list[tuple[int, list[Article]]]:
    """Return a digest's readable articles in their order, each under its first topic."""
    statement = select(digest_article.c.article_id).where(digest_article.c.digest_id == digest_id)
    ids = list((await tx.execute(statement.order_by(digest_article.c.position))).scalars())
    by_id = {each.id: each for each in await articles.many(tx, ids)}
    groups: dict[int, list[Article]] = {}
    for article_id in ids:
        each = by_id.get(article_id)
        if each is not None and each.status is Status.PUBLISHED:
            groups.setdefault(each.topic_ids[0] if each.topic_ids else 0, []).append(each)
    return list(groups.items())
