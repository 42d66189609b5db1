"""Digests follow their stories: a correction or a kill makes a next revision of those that hold one."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ColumnElement, Update, case, exists, func, literal, or_, select, update

from bot.model.bulletin import Bulletin, BulletinKind
from bot.model.delivery import WITHDRAWN, Lane, State, SubjectKind
from bot.model.story.article import Content, Status
from bot.store.engine.database import Transaction
from bot.store.newsroom import articles
from bot.store.newsroom.tables import article
from bot.store.tables.audience import digest, digest_article
from bot.store.tables.ledger import delivery
from bot.store.tables.operations import bot


async def raise_page(tx: Transaction, told: Bulletin, end: int, now: datetime) -> int:
    """Want digests that hold a corrected or killed article shown as they read now, in chats up to `end`.

    Return how many. One in which nothing is left to read is wanted as nothing.
    """
    holds = (digest_article.c.edition_id == digest.c.edition_id) & (
        digest_article.c.article_id == told.article_id
    )
    chats_ = (digest.c.chat_id > told.cursor) & (digest.c.chat_id <= end)
    holding = select(digest.c.id).join(digest_article, holds).where(chats_)
    await tx.execute(update(digest).where(digest.c.id.in_(holding)).values(revision=digest.c.revision + 1))
    lane = Lane.KILL if told.kind is BulletinKind.KILLED else Lane.CORRECTION
    return (await tx.execute(_raise(delivery.c.subject_id.in_(holding), lane, now))).rowcount


async def catch_up(tx: Transaction, digest_id: int, shown: int, now: datetime) -> None:
    """Want a digest shown as it reads now, where its stories changed since its revision `shown` was read.

    Such a change has found no delivery of the digest.
    """
    # Nobody changes the digest until this transaction ends: who does so next finds the delivery.
    newest = select(digest.c.revision).where(digest.c.id == digest_id).with_for_update()
    if (await tx.execute(newest)).scalar_one() > shown:
        await tx.execute(_raise(delivery.c.subject_id == digest_id, Lane.KILL, now))


def _raise(which: ColumnElement[bool], lane: Lane, now: datetime) -> Update:
    readable = exists().where(
        digest.c.id == delivery.c.subject_id,
        digest_article.c.edition_id == digest.c.edition_id,
        digest_article.c.article_id == article.c.id,
        article.c.status == Status.PUBLISHED,
    )
    newest = select(digest.c.revision).where(digest.c.id == delivery.c.subject_id).scalar_subquery()
    shown = func.coalesce(delivery.c.shown, WITHDRAWN) > WITHDRAWN
    is_open = delivery.c.state.in_((State.WAITING, State.CLAIMED))
    return (
        update(delivery)
        .where(delivery.c.bot_id.in_(select(bot.c.id)), delivery.c.kind == SubjectKind.DIGEST)
        .where(which, delivery.c.wanted != WITHDRAWN, or_(is_open, shown))
        .values(
            wanted=case((readable, newest), else_=WITHDRAWN),
            state=case((is_open, delivery.c.state), else_=literal(State.WAITING, delivery.c.state.type)),
            lane=case((shown, literal(lane, delivery.c.lane.type)), else_=delivery.c.lane),
            due_at=case((is_open, delivery.c.due_at), else_=literal(now, delivery.c.due_at.type)),
            attempts=case((is_open, delivery.c.attempts), else_=0),
        )
    )


async def reads_otherwise(tx: Transaction, told: Bulletin) -> bool:
    """Return whether the correction changes what a digest says of the article: not the body below its lead."""
    before = await articles.content_of(tx, told.article_id, told.revision - 1)
    after = await articles.content_of(tx, told.article_id, told.revision)
    return _in_a_digest(before) != _in_a_digest(after)


def _in_a_digest(content: Content) -> tuple[object, ...]:
    return content.headline, content.lead or content.blocks, content.language, content.url
