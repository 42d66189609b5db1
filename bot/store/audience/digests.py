"""Digests: what a chat's topics brought that it was not shown at once."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import and_, exists, insert, or_, select, update

from bot.model.chat import Chat, ChatState, topic_order
from bot.model.delivery import State, SubjectKind
from bot.model.following.following import Following
from bot.model.following.mode import WIRE, Mode
from bot.model.following.mute import MuteKind
from bot.model.story.article import NOTICES, Article, Status
from bot.model.story.digest import NO_TOPIC, Digest, Section
from bot.model.story.topic import Topics
from bot.store.audience import subscriptions
from bot.store.engine.database import Transaction
from bot.store.following import mutes
from bot.store.newsroom import articles
from bot.store.newsroom.tables import article, article_topic, revision
from bot.store.tables.audience import chat, digest, digest_article
from bot.store.tables.highlights import highlights
from bot.store.tables.ledger import delivery

MOST = 200
_GOT = (State.DONE, State.WAITING, State.CLAIMED)
"""The states of what a chat has, or is about to get."""

Groups = Sequence[tuple[int | None, Sequence[int]]]


async def contents(
    tx: Transaction, one: Chat, known: Topics, *, since: datetime, until: datetime
) -> list[tuple[int, list[int]]]:
    """Return (topic id, article ids) of what the chat follows at once or in digests, and has not got, newest first.

    Each story stands once: under the first, in the chat's order, of the topics it chose to follow. For who has the
    whole wire the others stand under the newsroom's sections, and what is about no topic under NO_TOPIC.
    """
    chosen = await subscriptions.of_chat(tx, one.id)
    modes = {topic_id: each.mode for topic_id, each in chosen.items()}
    muted = tuple(await mutes.of_chat(tx, one.id, until))
    followed = Following(known, modes, muted, instant=one.instant)
    order = _headings(followed, topic_order(chosen, known))
    under = {
        each.id: _heading(followed, each.id) for each in known.all if _told_in_digests(followed, each.id)
    }
    told = await _told(tx, one, since)
    by_itself = exists().where(
        delivery.c.bot_id == one.bot_id,
        delivery.c.kind == SubjectKind.ARTICLE,
        delivery.c.subject_id == article.c.id,
        delivery.c.chat_id == one.id,
        delivery.c.state.in_(_GOT),
    )
    statement = (
        select(article.c.id, article_topic.c.topic_id)
        .join(article_topic, article_topic.c.article_id == article.c.id, isouter=NO_TOPIC in order)
        .where(article.c.status == Status.PUBLISHED, ~articles.HELD_BACK)
        .where(article.c.published_at > since, article.c.published_at <= until)
        .where(_about(followed, list(under)), *_unmuted(followed), ~by_itself)
        .order_by(article.c.published_at.desc(), article.c.id.desc())
        .limit(MOST + len(told))
    )
    if one.news_languages:
        newest = (revision.c.article_id == article.c.id, revision.c.number == article.c.revision)
        statement = statement.join(revision, and_(*newest)).where(articles.told_in(one.news_languages))
    place = {topic_id: at for at, topic_id in enumerate(order)}
    headings: dict[int, int] = {}
    for article_id, topic_id in await tx.execute(statement):
        if article_id in told:
            continue
        heading = under.get(topic_id, NO_TOPIC)
        first = headings.setdefault(article_id, heading)
        if place[heading] < place[first]:
            headings[article_id] = heading
    groups = [(topic_id, [at for at in headings if headings[at] == topic_id]) for topic_id in order]
    return [group for group in groups if group[1]]


def _told_in_digests(followed: Following, topic_id: int) -> bool:
    return followed.mode(topic_id) >= Mode.DIGEST and not followed.topics.is_paused(topic_id)


def _headings(followed: Following, chosen: list[int]) -> list[int]:
    """Return under what a chat reads its digests, in its order: what it chose, then the rest of the whole wire."""
    if followed.mode(WIRE) < Mode.DIGEST:
        return chosen
    tops = (each.id for each in followed.topics.all if each.id == followed.topics.chain(each.id)[-1])
    return [*chosen, *(each for each in tops if each not in chosen), NO_TOPIC]


def _heading(followed: Following, topic_id: int) -> int:
    """Return the nearest of the chat's choices on the way up from a topic; by the whole wire alone, the topmost."""
    chain = followed.topics.chain(topic_id)
    return next((step for step in chain if step in followed.chosen), chain[-1])


def _about(followed: Following, topic_ids: list[int]) -> Any:
    """Return whether a story is about one of the topics; for who has the whole wire, or about none at all."""
    chosen = article_topic.c.topic_id.in_(topic_ids)
    if followed.mode(WIRE) < Mode.DIGEST:
        return chosen
    used = [each.id for each in followed.topics.all]
    free = ~_of_topics(used) & article.c.source.not_in(NOTICES)
    return or_(chosen, free)


def _unmuted(followed: Following) -> list[Any]:
    """Return what holds for stories that no mute keeps away; nothing where nothing is muted."""
    topic_ids = [each.id for each in followed.topics.all if followed.mute_of(each.id)]
    feeds = [f"feed:{each.target.id}" for each in followed.mutes if each.target.kind is MuteKind.FEED]
    conditions: list[Any] = [~_of_topics(topic_ids)] if topic_ids else []
    return [*conditions, article.c.source.not_in(feeds)] if feeds else conditions


def _of_topics(topic_ids: list[int]) -> Any:
    other = article_topic.alias()
    return exists().where(other.c.article_id == article.c.id, other.c.topic_id.in_(topic_ids))


async def _told(tx: Transaction, one: Chat, since: datetime) -> set[int]:
    """Return the articles that digests made after `since` told the chat, or are about to."""
    statement = (
        select(digest_article.c.article_id)
        .join(digest, digest.c.id == digest_article.c.digest_id)
        .join(
            delivery,
            and_(
                delivery.c.bot_id == one.bot_id,
                delivery.c.kind == SubjectKind.DIGEST,
                delivery.c.subject_id == digest.c.id,
                delivery.c.chat_id == one.id,
            ),
        )
        .where(digest.c.chat_id == one.id, digest.c.created_at > since, delivery.c.state.in_(_GOT))
    )
    return set((await tx.execute(statement)).scalars())


async def never_due(tx: Transaction, chat_id: int) -> None:
    """Plan no digest for the chat."""
    await tx.execute(update(chat).where(chat.c.id == chat_id).values(digest_due=None))


async def next_due(tx: Transaction, chat_id: int, at: datetime | None, *, last: datetime) -> None:
    """Plan the chat's next digest for that time, or none; `last` is up to when its digests have told so far."""
    await tx.execute(update(chat).where(chat.c.id == chat_id).values(digest_due=at, digest_last=last))


async def due(tx: Transaction, bot_id: int, now: datetime, limit: int) -> list[int]:
    """Return chats whose digest is due, the longest due first."""
    # With the bare column SQLite would walk all chats of the bot.
    where = (chat.c.bot_id + 0 == bot_id, chat.c.state == ChatState.ACTIVE, chat.c.digest_due <= now)
    statement = select(chat.c.id).where(*where).order_by(chat.c.digest_due).limit(limit)
    return list((await tx.execute(statement)).scalars())


async def add(
    tx: Transaction,
    chat_id: int,
    groups: Groups,
    *,
    since: datetime,
    at: datetime,
    highlights_id: int | None = None,
) -> int:
    """Keep a digest and return its id. One without stories says that there is nothing new.

    `highlights_id` names the highlights that head it, under no topic.
    """
    values = {"chat_id": chat_id, "since": since, "created_at": at, "highlights_id": highlights_id}
    digest_id = int((await tx.execute(insert(digest).values(values).returning(digest.c.id))).scalar_one())
    listed = [(topic_id, article_id) for topic_id, ids in groups for article_id in ids]
    rows = [
        {"digest_id": digest_id, "article_id": article_id, "position": position, "topic_id": topic_id}
        for position, (topic_id, article_id) in enumerate(listed)
    ]
    if rows:
        await tx.execute(insert(digest_article), rows)
    return digest_id


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
            listed.where(digest_article.c.digest_id == digest_id).order_by(digest_article.c.position)
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
    stories = exists().where(digest_article.c.digest_id == digest.c.id)
    newest = select(digest.c.id).where(digest.c.chat_id == one.id, shown, stories)
    return (await tx.execute(newest.order_by(digest.c.id.desc()).limit(1))).scalar_one_or_none()
