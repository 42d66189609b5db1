"""What waits in the ledger of deliveries, seen from outside; and what enters it by itself, digests."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import case, exists, func, insert, literal, literal_column, or_, select, update

from bot.model.chat import Chat
from bot.model.delivery import WITHDRAWN, Lane, State, SubjectKind
from bot.model.places.thread import GENERAL
from bot.model.story.digest import Digest
from bot.store.engine.database import Transaction
from bot.store.ledger import digest_revisions
from bot.store.ledger.release.rows import IS_WAITING, KEY
from bot.store.tables.audience import chat
from bot.store.tables.ledger import delivery, message
from bot.store.tables.operations import bot

DIGEST_THREAD = func.nullif(func.coalesce(chat.c.digest_thread, chat.c.thread_id), literal(GENERAL))
"""Into which thread a chat gets digests."""

# A partial index serves only where the statement itself holds the state's value.
IS_IN_DOUBT = delivery.c.state == literal_column(str(int(State.DOUBT)))


async def waiting(tx: Transaction, bot_id: int) -> dict[Lane, tuple[int, datetime]]:
    """Return, for each lane in which something waits, how much and since when the oldest is due."""
    where = (delivery.c.bot_id == bot_id, IS_WAITING)
    statement = select(delivery.c.lane, func.count(), func.min(delivery.c.due_at)).where(*where)
    rows = await tx.execute(statement.group_by(delivery.c.lane))
    return {lane: (count, oldest) for lane, count, oldest in rows}


async def open_digest(tx: Transaction, bot_id: int, digest_id: int, chat_id: int, *, now: datetime) -> None:
    """Want a digest shown to its chat."""
    await tx.execute(
        insert(delivery).values(
            bot_id=bot_id,
            kind=SubjectKind.DIGEST,
            subject_id=digest_id,
            chat_id=chat_id,
            lane=Lane.DIGEST,
            wanted=1,
            due_at=now,
            state=State.WAITING,
            attempts=0,
            thread_id=select(DIGEST_THREAD).where(chat.c.id == chat_id).scalar_subquery(),
        )
    )


async def note_digest(
    tx: Transaction, one: Chat, told: Digest, message_id: int, *, form: str, now: datetime
) -> None:
    """Enter a digest as it was shown in a conversation, so that corrections and kills reach it.

    Those that were decided since the digest was read reach it now.
    """
    key = {"bot_id": one.bot_id, "kind": SubjectKind.DIGEST, "subject_id": told.id, "chat_id": one.id}
    revision = told.revision
    shown = {"wanted": revision, "shown": revision, "state": State.DONE, "due_at": now, "accepted_at": now}
    await tx.execute(insert(delivery).values(**key, **shown, lane=Lane.DIGEST, attempts=0))
    part = {"part": 0, "message_id": message_id, "revision": revision, "form": form, "sent_at": now}
    await tx.execute(insert(message).values(**key, **part))
    await digest_revisions.catch_up(tx, told.id, revision, now)


@dataclass(frozen=True, slots=True)
class Leftover:
    """A chat in which a killed story still stands, and why it could not be taken back."""

    telegram_id: int
    title: str
    reason: str


async def spread(tx: Transaction, article_id: int) -> tuple[int, int]:
    """Return in how many chats an article is shown, and in how many it is to be changed or sent."""
    shown = func.count(case((func.coalesce(delivery.c.shown, WITHDRAWN) > WITHDRAWN, 1)))
    waiting = func.count(case((delivery.c.state.in_((State.WAITING, State.CLAIMED)), 1)))
    row = (await tx.execute(select(shown, waiting).where(*_of_article(article_id)))).one()
    return row[0], row[1]


async def left_standing(tx: Transaction, article_id: int, limit: int) -> list[Leftover]:
    """Return chats in which messages of a killed article stand, and nothing more is tried."""
    stands = exists().where(*(message.c[key] == delivery.c[key] for key in _KEY))
    statement = (
        select(chat.c.telegram_id, chat.c.title, delivery.c.reason)
        .join(chat, chat.c.id == delivery.c.chat_id)
        .where(*_of_article(article_id), delivery.c.wanted == WITHDRAWN, stands)
        .where(delivery.c.state.not_in((State.WAITING, State.CLAIMED)))
        .order_by(delivery.c.chat_id)
        .limit(limit)
    )
    return [Leftover(row[0], row[1], row[2] or "") for row in await tx.execute(statement)]


async def withdraw_again(tx: Transaction, article_id: int, now: datetime) -> int:
    """Let what could not be taken back be tried again, and return in how many chats."""
    stands = exists().where(*(message.c[key] == delivery.c[key] for key in _KEY))
    given_up = delivery.c.state.not_in((State.WAITING, State.CLAIMED))
    again = update(delivery).where(*_of_article(article_id), delivery.c.wanted == WITHDRAWN, given_up, stands)
    values = {"state": State.WAITING, "lane": Lane.KILL, "due_at": now, "attempts": 0, "reason": None}
    return (await tx.execute(again.values(values))).rowcount


async def in_doubt(tx: Transaction) -> dict[int, int]:
    """Return of how many chats it is unknown whether they got an article, by article."""
    where = (IS_IN_DOUBT, delivery.c.kind == SubjectKind.ARTICLE)
    statement = select(delivery.c.subject_id, func.count()).where(*where).group_by(delivery.c.subject_id)
    return {row[0]: row[1] for row in await tx.execute(statement)}


async def send_doubtful(tx: Transaction, article_id: int, now: datetime) -> int:
    """Let what is in doubt of an article wait again, whatever its life was; return how much."""
    values = {"state": State.WAITING, "due_at": now, "expires_at": None, "attempts": 0, "reason": None}
    waits = update(delivery).where(*_of_article(article_id), delivery.c.state == State.DOUBT)
    return (await tx.execute(waits.values(values))).rowcount


async def drop_doubtful(tx: Transaction, article_id: int) -> int:
    """Let what is in doubt of an article be; return how much."""
    dropped = update(delivery).where(*_of_article(article_id), delivery.c.state == State.DOUBT)
    return (await tx.execute(dropped.values(state=State.SKIPPED, reason="in-doubt"))).rowcount


def _of_article(article_id: int) -> tuple[Any, ...]:
    # Naming the bots lets the primary key serve.
    bots = delivery.c.bot_id.in_(select(bot.c.id))
    return bots, delivery.c.kind == SubjectKind.ARTICLE, delivery.c.subject_id == article_id


_KEY = ("bot_id", "kind", "subject_id", "chat_id")


async def reopen(tx: Transaction, chat_id: int, at: datetime) -> None:
    """Correct and withdraw what stands in the chat and could not be reached while the chat was away."""
    stands = exists().where(*(message.c[name] == delivery.c[name] for name in KEY))
    shown = func.coalesce(delivery.c.shown, WITHDRAWN)
    given_up = delivery.c.state.in_((State.FAILED, State.SKIPPED))
    kill, correction = (literal(lane, delivery.c.lane.type) for lane in (Lane.KILL, Lane.CORRECTION))
    await tx.execute(
        update(delivery)
        .where(delivery.c.chat_id == chat_id, given_up, stands, delivery.c.wanted != shown)
        .where(or_(shown > WITHDRAWN, delivery.c.wanted == WITHDRAWN))
        .values(
            state=State.WAITING,
            lane=case((delivery.c.wanted == WITHDRAWN, kill), else_=correction),
            due_at=at,
            expires_at=None,
            attempts=0,
            reason=None,
        )
    )
