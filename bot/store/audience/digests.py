"""Digests: what a chat's topics brought that it was not shown at once."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import exists, insert, select

from bot.model.chat import Chat
from bot.model.delivery import State, SubjectKind
from bot.model.following.news import News, TopicChoice, stories_of, without
from bot.model.story.article import Article, Status
from bot.model.story.digest import Digest, Occasion, Section
from bot.model.story.topic import Topics
from bot.store.digests import editions, news
from bot.store.digests.choices import TopicChoices
from bot.store.digests.editions import Groups
from bot.store.engine.database import Transaction
from bot.store.following import carried
from bot.store.newsroom import articles
from bot.store.tables.audience import digest, digest_article
from bot.store.tables.highlights import highlights
from bot.store.tables.ledger import delivery


async def contents(
    tx: Transaction, one: Chat, known: Topics, *, since: datetime, until: datetime
) -> list[tuple[int | None, tuple[int, ...]]]:
    """Return (topic id, article ids) of what the chat follows and has not got, newest first."""
    choice, scope = await choice_of(tx, one.id, known, until), await carried.of_bot(tx, one.bot_id)
    offered = News(scope.among(await news.published(tx, since, until)), known)
    listed = offered.told(choice, one.news_languages, since)
    has = await news.got(tx, one.bot_id, [one.id], list(stories_of(listed)))
    editions_told = (await news.told(tx, one.bot_id, [one.id], since)).get(one.id, set())
    told = news.union_of(await news.in_editions(tx, editions_told), editions_told)
    return list(without(listed, told.union(has.get(one.id, ()))))


async def choice_of(tx: Transaction, chat_id: int, known: Topics, now: datetime) -> TopicChoice:
    """Return what a chat chose of topics and has muted now, in the form that digests are made from."""
    return (await TopicChoices(known, now).of_chats(tx, [chat_id]))[chat_id]


async def add(
    tx: Transaction,
    chat_id: int,
    groups: Groups,
    *,
    since: datetime,
    at: datetime,
    highlights_id: int | None = None,
    occasion: Occasion | None = None,
) -> int:
    """Keep a digest and return its id. One without stories says that there is nothing new.

    `highlights_id` names the highlights that head it, under no topic; `occasion` says why it is made, where no digest
    was due.
    """
    values = {
        "chat_id": chat_id,
        "edition_id": await editions.add(tx, groups),
        "since": since,
        "created_at": at,
        "highlights_id": highlights_id,
        "occasion": occasion,
    }
    return int((await tx.execute(insert(digest).values(values).returning(digest.c.id))).scalar_one())


async def get(tx: Transaction, digest_id: int) -> Digest | None:
    """Return a digest with its stories that can still be read, as they read now; None where there is none."""
    picked = highlights.c.id == digest.c.highlights_id
    statement = select(digest, highlights.c.headline).outerjoin(highlights, picked)
    kept = (await tx.execute(statement.where(digest.c.id == digest_id))).first()
    if kept is None:
        return None
    listed = select(digest_article.c.article_id, digest_article.c.topic_id)
    rows = (
        await tx.execute(
            listed.where(digest_article.c.edition_id == kept.edition_id).order_by(digest_article.c.position)
        )
    ).all()
    by_id = {each.id: each for each in await articles.many(tx, [row.article_id for row in rows])}
    sections: dict[int | None, list[Article]] = {}
    for article_id, topic_id in rows:
        each = by_id.get(article_id)
        if each is not None and each.status is Status.PUBLISHED:
            sections.setdefault(topic_id, []).append(each)
    told = tuple(Section(topic_id, tuple(found)) for topic_id, found in sections.items())
    return Digest(
        kept.id,
        kept.chat_id,
        kept.created_at,
        told,
        len(rows),
        kept.revision,
        picked=kept.highlights_id is not None,
        headline=kept.headline or "",
        occasion=kept.occasion,
    )


async def last(tx: Transaction, one: Chat) -> int | None:
    """Return the chat's newest digest that it was shown and that has stories."""
    shown = exists().where(
        delivery.c.bot_id == one.bot_id,
        delivery.c.kind == SubjectKind.DIGEST,
        delivery.c.subject_id == digest.c.id,
        delivery.c.chat_id == one.id,
        delivery.c.state == State.DONE,
    )
    stories = digest.c.edition_id.is_not(None)
    newest = select(digest.c.id).where(digest.c.chat_id == one.id, shown, stories)
    return (await tx.execute(newest.order_by(digest.c.id.desc()).limit(1))).scalar_one_or_none()
