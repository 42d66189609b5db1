"""The thread of a private chat into which a story goes by its section: found, or opened when it is needed first."""

from __future__ import annotations

import asyncio
import logging

from bot.log import Event
from bot.model.delivery import THREAD_CLOSED, Delivery, SubjectKind
from bot.model.errors import OurFault, ThreadGone
from bot.model.following.mode import Mode, nearest
from bot.model.places.thread import NAME_CHARACTERS, PER_SECTION, is_closed
from bot.model.story.topic import Topic
from bot.outbox.delivery_log import fields
from bot.store.audience import subscriptions
from bot.store.audience.places import threads
from bot.store.engine.database import Database, Transaction
from bot.store.newsroom import articles, topics
from bot.telegram.sender import Sender
from bot.telegram.transport.ticket import CallTicket

log = logging.getLogger(__name__)

REFUSED_SECONDS = 3600.0
"""How long no thread is opened in a chat after Telegram opened none: what comes meanwhile goes without one."""

MOST_REFUSED = 10_000
SHUT_SECONDS = 2.0


class Sections:
    """Finds the thread into which each delivery goes. A chat has one delivery at a time: none is opened twice."""

    def __init__(self, db: Database, sender: Sender) -> None:
        self._db = db
        self._sender = sender
        self._refused: dict[int, float] = {}
        self.shut: dict[tuple[int, int | None], float] = {}
        """The threads that were found closed just now, each until when: what was claimed with the one that was refused
        is not tried too. Nothing is known of a thread for longer than that: it may be open again."""

    def note_closed(self, delivery: Delivery, error: ThreadGone) -> None:
        """Note that a thread was found closed."""
        if len(self.shut) >= MOST_REFUSED:
            self.shut.clear()
        self.shut[delivery.chat_id, error.thread_id] = asyncio.get_running_loop().time() + SHUT_SECONDS

    def _is_shut(self, delivery: Delivery) -> bool:
        key = (delivery.chat_id, delivery.thread_id)
        until = self.shut.get(key)
        if until is None or asyncio.get_running_loop().time() < until:
            return until is not None
        del self.shut[key]
        return False

    async def thread_of(self, delivery: Delivery, ticket: CallTicket) -> int | None:
        """Return the thread that a delivery is sent into, None for General.

        Raises ThreadGone, without a call, where the thread is closed; what a call can raise where one is opened.
        """
        if is_closed(delivery.thread_id) or self._is_shut(delivery):
            raise ThreadGone(THREAD_CLOSED, closed=True)
        if delivery.thread_id != PER_SECTION:
            return delivery.thread_id
        section = await self._section(delivery)
        found = None if section is None else await self._opened(delivery, section, ticket)
        async with self._db.write() as tx:
            await threads.settle(tx, delivery, found)
        return found

    async def _section(self, delivery: Delivery) -> Topic | None:
        """Return the section of a story, the first that the chat follows; None for a digest."""
        if delivery.subject.kind is not SubjectKind.ARTICLE:
            return None
        async with self._db.read() as tx:
            return await _section_of(tx, delivery)

    async def _opened(self, delivery: Delivery, section: Topic, ticket: CallTicket) -> int | None:
        async with self._db.read() as tx:
            known = (await threads.of_chat(tx, delivery.chat_id)).values()
        found = next((each.id for each in known if each.topic_id == section.id), None)
        now = asyncio.get_running_loop().time()
        if found is not None or self._refused.get(delivery.chat_id, now) > now:
            return found
        name = section.name(delivery.language)[:NAME_CHARACTERS]
        try:
            found = await self._sender.open_thread(delivery.telegram_id, name, ticket=ticket)
        except OurFault as error:
            log.warning(Event("thread.refused", **fields(delivery), detail=error.detail))
            if len(self._refused) >= MOST_REFUSED:
                self._refused.clear()
            self._refused[delivery.chat_id] = now + REFUSED_SECONDS
            return None
        async with self._db.write() as tx:
            await threads.note(tx, delivery.chat_id, found, name, topic_id=section.id)
        return found


async def _section_of(tx: Transaction, delivery: Delivery) -> Topic | None:
    article, known = await articles.get(tx, delivery.subject.id), await topics.load(tx)
    chosen = await subscriptions.of_chat(tx, delivery.chat_id)
    choices = {topic_id: each.mode for topic_id, each in chosen.items()}
    chains = [known.chain(each) for each in (article.topic_ids if article else ()) if each in known.by_id]
    followed = [chain for chain in chains if nearest(chain, choices) is not Mode.OFF]
    chain = next(iter(followed or chains), None)
    return known.by_id.get(chain[-1]) if chain else None
