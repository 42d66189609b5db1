"""How far a correction or a withdrawal has come, and which story a message shows."""

from __future__ import annotations

from typing import Any, NamedTuple

from sqlalchemy import and_, case, exists, func, select

from bot.model.delivery import NOTICE, WITHDRAWN, State, SubjectKind
from bot.store.engine.database import Transaction
from bot.store.tables.audience import chat, digest, digest_article
from bot.store.tables.ledger import delivery, message
from bot.store.tables.operations import bot

_KEY = ("bot_id", "kind", "subject_id", "chat_id")
_OPEN = delivery.c.state.in_((State.WAITING, State.CLAIMED))
_SHOWN = func.coalesce(delivery.c.shown, WITHDRAWN) > WITHDRAWN
_STANDS = exists().where(*(message.c[key] == delivery.c[key] for key in _KEY))


class Corrected(NamedTuple):
    """In how many chats a story stands, in how many of them as it reads now, where that waits, and where it failed."""

    shown: int
    done: int
    waiting: int
    failed: int


class Withdrawn(NamedTuple):
    """From how many chats a story is gone, in how many a notice stands for it, where it waits, and where it failed."""

    deleted: int
    noticed: int
    waiting: int
    failed: int


async def corrected(tx: Transaction, kind: SubjectKind, article_id: int) -> Corrected:
    """Return how far the story's newest revision has come in chats that have the story, or digests that hold it."""
    current = and_(_SHOWN, delivery.c.shown == delivery.c.wanted, ~_OPEN)
    columns = (
        _count(_SHOWN),
        _count(current),
        _count(and_(_SHOWN, _OPEN)),
        _count(and_(_SHOWN, ~_OPEN, delivery.c.shown != delivery.c.wanted)),
    )
    row = (await tx.execute(select(*columns).where(*_of(kind, article_id)))).one()
    return Corrected(*row)


async def withdrawn(tx: Transaction, article_id: int) -> Withdrawn:
    """Return how far it has come to take a story back; digests that hold the story are not counted."""
    stands = and_(~_OPEN, _STANDS)
    noticed = and_(delivery.c.state == State.DONE, delivery.c.reason == NOTICE)
    came = and_(delivery.c.state == State.DONE, delivery.c.accepted_at.is_not(None))
    how = case((_OPEN, "waiting"), (stands, "failed"), (noticed, "noticed"), (came, "deleted"), else_="")
    of_it = (*_of(SubjectKind.ARTICLE, article_id), delivery.c.wanted == WITHDRAWN)
    rows = await tx.execute(select(how, func.count()).where(*of_it).group_by(how))
    counts = {row[0]: int(row[1]) for row in rows}
    return Withdrawn(*(counts.get(each, 0) for each in Withdrawn._fields))


async def story_of(tx: Transaction, bot_id: int, telegram_id: int, message_id: int) -> list[int]:
    """Return the stories that a message of the bot in a chat shows: one, those of a digest, or none that is known."""
    at = (chat.c.bot_id == bot_id, chat.c.telegram_id == telegram_id, message.c.message_id == message_id)
    shown = select(message.c.kind, message.c.subject_id).join(chat, chat.c.id == message.c.chat_id)
    row = (await tx.execute(shown.where(*at, message.c.bot_id == bot_id).limit(1))).first()
    if row is None:
        return []
    if row.kind is SubjectKind.ARTICLE:
        return [row.subject_id]
    held = select(digest_article.c.article_id).join(
        digest, digest.c.edition_id == digest_article.c.edition_id
    )
    held = held.where(digest.c.id == row.subject_id)
    return list((await tx.execute(held.order_by(digest_article.c.position))).scalars())


def _count(which: Any) -> Any:
    return func.count(case((which, 1)))


def _of(kind: SubjectKind, article_id: int) -> tuple[Any, ...]:
    # Naming the bots lets the primary key serve.
    bots = delivery.c.bot_id.in_(select(bot.c.id))
    if kind is SubjectKind.ARTICLE:
        return bots, delivery.c.kind == kind, delivery.c.subject_id == article_id
    holding = select(digest.c.id).join(digest_article, digest_article.c.edition_id == digest.c.edition_id)
    holding = holding.where(digest_article.c.article_id == article_id)
    return bots, delivery.c.kind == kind, delivery.c.subject_id.in_(holding)
