"""Floods: who sends faster than they can be answered is answered in part, told so once, and delays nobody."""

from __future__ import annotations

import asyncio
import logging
from collections import Counter
from dataclasses import dataclass
from enum import Enum

from bot.log import Event
from bot.metrics import UPDATES_DROPPED
from bot.updates.update import Incoming

log = logging.getLogger(__name__)

OF_A_PERSON = 64
"""Updates of a person that may wait. A private chat takes about one message a second (core.telegram.org/bots/faq):
whoever waits more than a minute for an answer has forgotten the question."""

OF_A_CHAT = 256
"""Updates of a chat that may wait: a group's members together."""

QUIET = 10.0
"""Seconds without a dropped update after which a flood is over."""


class Answer(Enum):
    """What becomes of an update."""

    TAKE = "take"
    DROP = "drop"
    DROP_AND_TELL = "tell"


@dataclass(slots=True)
class _Flood:
    dropped: int
    at: float
    told: bool


class Floods:
    """Counts what waits of each person and each chat, and says what is too much."""

    def __init__(
        self, of_a_person: int = OF_A_PERSON, of_a_chat: int = OF_A_CHAT, quiet: float = QUIET
    ) -> None:
        self._of_a_person, self._of_a_chat, self._quiet = of_a_person, of_a_chat, quiet
        self._persons: Counter[int] = Counter()
        self._chats: Counter[int] = Counter()
        self._floods: dict[int, _Flood] = {}

    def judge(self, update: Incoming) -> Answer:
        """Say whether the update may wait; what may is counted until `over` is called."""
        if not update.membership and self._too_many(update):
            UPDATES_DROPPED.inc()
            return Answer.DROP_AND_TELL if self._begins(update) else Answer.DROP
        self._count(update, 1)
        return Answer.TAKE

    def over(self, update: Incoming) -> None:
        """Forget an update that was taken: it is handled."""
        self._count(update, -1)

    def close(self) -> None:
        """Log the floods that are not over yet."""
        for person in list(self._floods):
            self._end(person)

    def _too_many(self, update: Incoming) -> bool:
        of_the_person = self._persons[update.person] if update.person is not None else 0
        return of_the_person >= self._of_a_person or self._chats[update.chat] >= self._of_a_chat

    def _count(self, update: Incoming, step: int) -> None:
        for counts, key in ((self._persons, update.person), (self._chats, update.chat)):
            if key is not None:
                counts[key] += step
                if not counts[key]:
                    del counts[key]

    def _begins(self, update: Incoming) -> bool:
        """Count one more dropped update; return whether it is the first that its person is to be told of."""
        person, loop = update.person or update.chat, asyncio.get_running_loop()
        flood = self._floods.get(person)
        if flood is None:
            flood = self._floods[person] = _Flood(0, 0, told=False)
            loop.call_later(self._quiet, self._look, person)
        flood.dropped += 1
        flood.at = loop.time()
        tell = update.asks and not flood.told
        flood.told |= tell
        return tell

    def _look(self, person: int) -> None:
        loop, flood = asyncio.get_running_loop(), self._floods.get(person)
        if flood is None:
            return
        if (left := flood.at + self._quiet - loop.time()) > 0:
            loop.call_later(left, self._look, person)
        else:
            self._end(person)

    def _end(self, person: int) -> None:
        flood = self._floods.pop(person)
        log.warning(Event("updates.flood", person=person, dropped=flood.dropped))
