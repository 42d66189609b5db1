"""The canary: a hidden story to a test chat every few minutes, timed from its decision to Telegram's acceptance.

A bot can't know that somebody saw a message. What it knows is that Telegram took the message.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Sequence
from datetime import datetime, timedelta

from bot.log import Event
from bot.metrics import CANARY_ACCEPTED, CANARY_LATE, CANARY_SECONDS
from bot.model.story.article import Content
from bot.operations.status import Trouble
from bot.store.audience import chats
from bot.store.engine.database import Database, Transaction
from bot.store.operations import canaries
from bot.store.operations.canaries import KeptCanary
from bot.store.operations.troubles import known, told

log = logging.getLogger(__name__)

LATE = timedelta(minutes=1)
"""A canary that Telegram has not accepted after so long is late."""

ALARM_AFTER = 2
"""So many late ones in a row, while nothing else is accepted either, are told to the owners."""

BEHIND, LOST = "canary-behind", "canary-lost"
"""Why a canary was given up: other news was in front of it, or nothing went out at all."""


class Canary:
    """One bot's canary, to the chat of that Telegram id. `content` is what it says; `rings` wakes the matcher."""

    def __init__(
        self,
        db: Database,
        bot_id: int,
        telegram_id: int,
        every: timedelta,
        *,
        content: Content,
        rings: Callable[[], None],
    ) -> None:
        self._db = db
        self._bot_id = bot_id
        self._telegram_id = telegram_id
        self._every = every
        self._content = content
        self._rings = rings
        self._unknown = False
        self._alarm: Trouble | None = None

    def troubles(self) -> Sequence[Trouble]:
        """Return what owners should be told of the canary; each trouble is told once."""
        if self._unknown:
            return [Trouble("canary-chat", "owner_canary_chat", {"chat": self._telegram_id})]
        return [self._alarm] if self._alarm else []

    async def look(self, now: datetime) -> None:
        """Note what became of the canaries so far, and send the next one where it is due."""
        async with self._db.read() as tx:
            kept = await canaries.of_bot(tx, self._bot_id)
            chat = await chats.by_telegram(tx, self._bot_id, self._telegram_id)
            arrived = [one for one in kept if one.accepted_at is not None and not one.withdrawn]
            late = [one for one in kept if _is_late(one, now)]
            behind = [one for one in late if await canaries.others_accepted(tx, self._bot_id, one)]
        self._unknown = chat is None
        due = chat is not None and (not kept or now - kept[-1].decided_at >= self._every)
        if not (arrived or late or due):
            return
        async with self._db.write() as tx:
            for one in arrived:
                await self._accepted(tx, one)
                await canaries.withdraw(tx, self._bot_id, one, now)
            for one in late:
                await self._late(tx, kept, one, now, behind=one in behind)
            if due and chat is not None:
                await self._next(tx, kept, chat.id, now)
        self._rings()

    async def _accepted(self, tx: Transaction, one: KeptCanary) -> None:
        at = one.accepted_at
        assert at is not None
        seconds = max(0.0, (at - one.decided_at).total_seconds())
        CANARY_SECONDS.observe(seconds)
        CANARY_ACCEPTED.set(at.timestamp())
        log.info(Event("canary.accepted", article=one.article_id, seconds=seconds))
        # In the same transaction: whoever tells troubles would tell this one again.
        await known.end(tx, self._bot_id, [LOST])
        if await told.drop(tx, self._bot_id, LOST):
            key = f"canary-well:{one.article_id}"
            self._alarm = Trouble(key, "owner_canary_well", {"seconds": round(seconds, 1)})
        else:
            # Nobody was told yet that anything was wrong, or everybody by now that all is well again.
            self._alarm = None

    async def _late(
        self, tx: Transaction, kept: Sequence[KeptCanary], one: KeptCanary, now: datetime, *, behind: bool
    ) -> None:
        reason = BEHIND if behind else LOST
        await canaries.give_up(tx, one, now, reason)
        CANARY_LATE.labels(reason).inc()
        log.warning(Event("canary.late", article=one.article_id, reason=reason))
        lost = [each for each in kept if each.given_up == LOST]
        if not behind and len(lost) + 1 >= ALARM_AFTER:
            minutes = max(1, round((now - (lost[0] if lost else one).decided_at) / timedelta(minutes=1)))
            self._alarm = Trouble(LOST, "owner_canary", {"minutes": minutes})

    async def _next(self, tx: Transaction, kept: Sequence[KeptCanary], chat_id: int, now: datetime) -> None:
        """Send the next canary. Those that were lost stay until one arrives: they are the count of them."""
        newest_is_lost = bool(kept) and kept[-1].given_up == LOST and kept[-1].accepted_at is None
        lost = [one for one in kept if one.given_up == LOST and one.accepted_at is None]
        counted = lost[-ALARM_AFTER:] if newest_is_lost else []
        article_id = await canaries.send(tx, self._bot_id, chat_id, self._content, at=now)
        # Only now: SQLite would give the number of the newest story that was dropped to the next one, and what is
        # kept by that number, such as a rendering, would be taken for the next story's.
        for one in kept:
            if one.settled and one not in counted:
                await canaries.drop(tx, self._bot_id, one)
        log.info(Event("canary.sent", article=article_id))


def _is_late(one: KeptCanary, now: datetime) -> bool:
    return one.accepted_at is None and not one.given_up and now - one.decided_at > LATE
