"""Which chats follow what a story is about, as statements: a chat's nearest choice on the way up decides."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, Select, and_, exists, func, literal, or_, select, true

from bot.model.chat import ChatState
from bot.model.following.mode import WIRE, Mode
from bot.model.places.thread import GENERAL
from bot.store.tables.audience import chat, subscription

ACTIVE = chat.c.state == ChatState.ACTIVE


class Recipients(NamedTuple):
    """A select of (bot, chat, thread), and the column by whose numbers it is asked for some chats alone."""

    chats: Select[Any]
    by: ColumnElement[int]

    def where(self, *conditions: ColumnElement[bool]) -> Recipients:
        """Return those for whom the conditions hold, too."""
        return Recipients(self.chats.where(*conditions), self.by)

    def page(self, after: int, end: int) -> Select[Any]:
        """Return a select of those whose number is greater than `after` and at most `end`."""
        found = self.chats.where(self.by > after, self.by <= end)
        if self.by is chat.c.id:
            return found
        # By both: PostgreSQL does not see that what holds for one number holds for the other.
        return found.where(chat.c.id > after, chat.c.id <= end)


def followers(chains: Sequence[Sequence[int]], *, flash: bool) -> Iterator[Recipients]:
    """Yield who follows one of the chains, in a mode that brings a story at once; or a flash, in any mode.

    A chain is a topic and those above it, nearest first; no chain at all stands for a story without a topic. Any chain
    that says yes is enough: there is a select for each step of each chain, of those who chose that topic and nothing
    nearer, and one for the whole wire, of those who on some chain chose nothing at all.
    """
    for chain in chains:
        for step, topic_id in enumerate(chain):
            yield _who_chose(topic_id, flash).where(~_chose(chain[:step]) if step else true())
    free = [~_chose(chain) for chain in chains]
    yield _who_chose(WIRE, flash).where(or_(*free) if free else true())


def _who_chose(topic_id: int, flash: bool) -> Recipients:
    at = subscription.c.mode
    usual = and_(at == Mode.USUAL, chat.c.instant)
    brings = at != Mode.OFF if flash else or_(at == Mode.AT_ONCE, usual)
    thread = into_thread(subscription.c.thread_id, chat.c.thread_id, flash=flash)
    chosen = select(chat.c.bot_id, chat.c.id, thread).join(subscription, subscription.c.chat_id == chat.c.id)
    # By the number of the subscription: few follow most topics, and the index on them knows who does.
    return Recipients(
        chosen.where(subscription.c.topic_id == topic_id, brings, ACTIVE), subscription.c.chat_id
    )


def into_thread(*threads: Any, flash: bool = False) -> Any:
    """Return into which thread a chat gets a story: breaking news into a thread of its own, where one was chosen."""
    first = (chat.c.flash_thread, *threads) if flash else threads
    return func.nullif(func.coalesce(*first) if len(first) > 1 else first[0], literal(GENERAL))


def _chose(topic_ids: Sequence[int]) -> Any:
    nearer = subscription.alias("nearer")
    return exists().where(nearer.c.chat_id == subscription.c.chat_id, nearer.c.topic_id.in_(topic_ids))
