"""Canaries: hidden stories to one test chat, by which a bot tries its own way from a story to Telegram.

A canary's bulletin is for everybody, with a cursor right before the test chat and a ceiling at that chat: the matcher
plans the bulletin as any other, and meets nobody else.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any, NamedTuple

from sqlalchemy import delete, exists, select, update

from bot.model.audience import Everybody, ToldTo
from bot.model.bulletin import BulletinKind
from bot.model.delivery import WITHDRAWN, Lane, Manner, State, SubjectKind
from bot.model.languages import ANY
from bot.model.story.article import CANARY, Content, Status
from bot.store.engine.database import Transaction
from bot.store.ledger import bulletins
from bot.store.newsroom import articles
from bot.store.newsroom.tables import article
from bot.store.tables.ledger import bulletin, delivery, message

UNDER_WAY = (State.WAITING, State.CLAIMED)


class KeptCanary(NamedTuple):
    """A canary: its bulletin, when it was decided, when Telegram accepted it, and why it was given up, if it was.

    `withdrawn` is whether its message is to be deleted, `settled` whether nothing more becomes of it.
    """

    article_id: int
    bulletin_id: int
    chat_id: int
    decided_at: datetime
    accepted_at: datetime | None
    given_up: str
    withdrawn: bool
    settled: bool


async def send(tx: Transaction, bot_id: int, chat_id: int, content: Content, *, at: datetime) -> int:
    """Publish a canary for one chat of the bot, and return the article's number."""
    uid = f"{bot_id}:{at.timestamp():.3f}"
    kept = await articles.add(
        tx, content, source=CANARY, uid=uid, at=at, status=Status.CANARY, flash=True, published_at=at
    )
    await _tell(tx, bot_id, kept.id, BulletinKind.NEW, chat_id=chat_id, at=at)
    return kept.id


async def of_bot(tx: Transaction, bot_id: int) -> list[KeptCanary]:
    """Return the bot's canaries, oldest first."""
    killed = bulletin.alias()
    taken_back = exists().where(killed.c.article_id == article.c.id, killed.c.kind == BulletinKind.KILLED)
    rows = await tx.execute(
        select(
            article.c.id,
            bulletin.c.id.label("bulletin_id"),
            bulletin.c.ceiling,
            bulletin.c.created_at,
            delivery.c.accepted_at,
            bulletin.c.stop_reason,
            taken_back.label("taken_back"),
            delivery.c.state,
            delivery.c.shown,
        )
        .join(bulletin, (bulletin.c.article_id == article.c.id) & (bulletin.c.kind == BulletinKind.NEW))
        .outerjoin(
            delivery,
            (delivery.c.bot_id == bot_id)
            & (delivery.c.kind == SubjectKind.ARTICLE)
            & (delivery.c.subject_id == article.c.id)
            & (delivery.c.chat_id == bulletin.c.ceiling),
        )
        .where(article.c.source == CANARY, article.c.source_uid.like(f"{bot_id}:%"))
        .order_by(article.c.id)
    )
    return [_kept(row) for row in rows]


async def give_up(tx: Transaction, one: KeptCanary, at: datetime, reason: str) -> None:
    """Send a canary no more that is late: one that comes an hour late tells nobody anything."""
    await bulletins.stop(tx, one.bulletin_id, at, by=None, reason=reason)


async def withdraw(tx: Transaction, bot_id: int, one: KeptCanary, at: datetime) -> None:
    """Have a canary's message deleted, the way a killed story's is."""
    await _tell(tx, bot_id, one.article_id, BulletinKind.KILLED, chat_id=one.chat_id, at=at)


async def drop(tx: Transaction, bot_id: int, one: KeptCanary) -> None:
    """Forget a canary that is settled."""
    for table in (message, delivery):
        of_it = (table.c.bot_id == bot_id, table.c.kind == SubjectKind.ARTICLE)
        await tx.execute(delete(table).where(*of_it, table.c.subject_id == one.article_id))
    await tx.execute(delete(article).where(article.c.id == one.article_id))


async def others_accepted(tx: Transaction, bot_id: int, one: KeptCanary) -> bool:
    """Return whether Telegram accepted any other story since the canary was decided, of those of the last day."""
    recent = select(bulletin.c.article_id).where(
        bulletin.c.created_at >= one.decided_at - timedelta(days=1),
        bulletin.c.told_to.is_distinct_from(ToldTo.CANARY),
    )
    accepted = select(delivery.c.chat_id).where(
        delivery.c.bot_id == bot_id,
        delivery.c.kind == SubjectKind.ARTICLE,
        delivery.c.subject_id.in_(recent),
        delivery.c.accepted_at >= one.decided_at,
    )
    return (await tx.execute(accepted.limit(1))).first() is not None


async def _tell(
    tx: Transaction, bot_id: int, article_id: int, kind: BulletinKind, *, chat_id: int, at: datetime
) -> None:
    bulletin_id, _ = await bulletins.add(
        tx,
        article_id=article_id,
        revision=1,
        kind=kind,
        lane=Lane.FLASH if kind is BulletinKind.NEW else Lane.KILL,
        audience=Everybody(languages=ANY),
        at=at,
        key=f"{article_id}:1:{kind}",
        by=None,
        bot_id=bot_id,
        manner=Manner.SILENT,
    )
    # No figures are counted of it.
    alone = {"cursor": chat_id - 1, "ceiling": chat_id, "count_at": None, "told_to": ToldTo.CANARY}
    await tx.execute(update(bulletin).where(bulletin.c.id == bulletin_id).values(alone))


def _kept(row: Any) -> KeptCanary:
    stands = row.shown is not None and row.shown > WITHDRAWN
    under_way = row.state in UNDER_WAY if row.state is not None else not row.stop_reason
    return KeptCanary(
        row.id,
        row.bulletin_id,
        row.ceiling,
        row.created_at,
        row.accepted_at,
        row.stop_reason,
        row.taken_back,
        settled=not under_way and (row.taken_back or not stands),
    )
