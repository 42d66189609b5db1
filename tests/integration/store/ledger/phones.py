"""Telegram and the newsroom as the ledger's model-based test needs them: small, and wholly known."""

from __future__ import annotations

import itertools
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from enum import Enum
from typing import Any

from bot.model.clock import Clock
from bot.model.delivery import Delivery, Result, Shown
from bot.model.errors import ChatGone, Flood, MessageGone, OurFault, Unreachable
from bot.model.message import OutgoingMessage
from bot.telegram.transport.ticket import CallTicket, Recalled

NOW = datetime(2026, 11, 25, 9, tzinfo=UTC)


class Fate(Enum):
    """What becomes of one call of a delivery; the calls before it go well."""

    WELL = "well"
    DIES_BEFORE = "dies before it"
    DIES_AFTER = "dies after it took effect, before that is known"
    UNREACHABLE = "no connection"
    LOST = "no answer, and no effect"
    UNANSWERED = "no answer, but an effect"
    FLOOD = "429"
    REFUSED = "our own mistake"
    RECALLED = "recalled"


class Died(BaseException):
    """The process ends here."""


class Still(Clock):
    """A clock that stands still until it is moved."""

    def now(self) -> datetime:
        return NOW + self.offset


@dataclass
class Told:
    """What the newsroom decided of a story, and whom it should reach."""

    topics: frozenset[int]
    everybody: bool
    bulletin: int
    due: set[int]
    ceiling: int
    revision: int = 1
    killed: bool = False
    stopped: bool = False
    refused: bool = False


@dataclass
class Phones:
    """Stands where the sender stands: what is shown in each chat, and how often each part was sent."""

    standing: dict[int, tuple[int, str]] = field(default_factory=dict)
    sent: Counter[tuple[int, str]] = field(default_factory=Counter)
    unknown: Counter[tuple[int, str]] = field(default_factory=Counter)
    orphans: set[int] = field(default_factory=set)
    blocked: set[int] = field(default_factory=set)
    fate: Fate = Fate.WELL
    calls_before: int = 0
    _numbers: Any = field(default_factory=lambda: itertools.count(1))

    async def send(
        self,
        chat_id: int,
        messages: Sequence[OutgoingMessage],
        thread_id: int | None,
        *,
        silent: bool,
        ticket: CallTicket,
        reply_to: int | None = None,
    ) -> list[int]:
        fate = self._meet(chat_id)
        (message,) = messages
        number = next(self._numbers)
        self.standing[number] = (chat_id, message.html)
        self.sent[chat_id, part_of(message.html)] += 1
        if fate in (Fate.DIES_AFTER, Fate.UNANSWERED):
            self.lose(number)
        self._answer(fate)
        return [number]

    async def edit(
        self, chat_id: int, standing: Shown, message: OutgoingMessage, *, ticket: CallTicket
    ) -> None:
        fate = self._meet(chat_id)
        message_id = standing.message_id
        if message_id not in self.standing:
            raise MessageGone("message", "message to edit not found")
        self.standing[message_id] = (chat_id, message.html)
        self._answer(fate)

    async def withdraw(self, chat_id: int, message_id: int, *, ticket: CallTicket) -> None:
        fate = self._meet(chat_id)
        if message_id not in self.standing:
            raise MessageGone("message", "message to delete not found")
        at, text = self.standing.pop(message_id)
        # A later revision may need this part again.
        self.sent[at, part_of(text)] -= 1
        self._answer(fate)

    def lose(self, number: int) -> None:
        """Forget that a message stands there, as a process does that dies before it is written down."""
        self.orphans.add(number)
        if number in self.standing:
            at, text = self.standing[number]
            self.unknown[at, part_of(text)] += 1

    def forget(self, chat_id: int) -> None:
        """Make all that stands in a chat unknown."""
        self.orphans.update(number for number, (at, _) in self.standing.items() if at == chat_id)
        self.unknown.update({key: count for key, count in self.sent.items() if key[0] == chat_id})

    def _meet(self, chat_id: int) -> Fate:
        if chat_id in self.blocked:
            raise ChatGone("blocked", "Forbidden: bot was blocked by the user")
        if self.calls_before:
            self.calls_before -= 1
            return Fate.WELL
        fate, self.fate = self.fate, Fate.WELL
        match fate:
            case Fate.DIES_BEFORE:
                raise Died
            case Fate.UNREACHABLE:
                raise Unreachable("network", ambiguous=False)
            case Fate.LOST:
                raise Unreachable("server", ambiguous=True)
            case Fate.FLOOD:
                raise Flood(7)
            case Fate.REFUSED:
                raise OurFault("refused", "can't parse entities")
            case Fate.RECALLED:
                raise Recalled
        return fate

    def _answer(self, fate: Fate) -> None:
        if fate is Fate.DIES_AFTER:
            raise Died
        if fate is Fate.UNANSWERED:
            raise Unreachable("network", ambiguous=True)


def text_of(article: int, revision: int, part: int) -> str:
    return f"{article}/{part}/{revision}"


def part_of(text: str) -> str:
    """Return what a message is of, whatever its revision."""
    return text.rpartition("/")[0]


class Parts:
    """Stands where the rendering stands: a story is of one to three messages, by its revision."""

    async def of(self, delivery: Delivery, now: datetime) -> tuple[OutgoingMessage, ...]:
        return tuple(OutgoingMessage(text) for text in texts_of(delivery.subject.id, delivery.wanted))

    async def withdrawn(self, delivery: Delivery) -> OutgoingMessage:
        return OutgoingMessage("withdrawn")


def texts_of(article: int, revision: int) -> list[str]:
    """Return what a chat shows of a story at that revision."""
    return [text_of(article, revision, part) for part in range(1 + (article + 2 * revision) % 3)]


class Held:
    """Stands where the result writer stands: results wait here until the test writes them."""

    def __init__(self) -> None:
        self.results: list[Result] = []

    async def put(self, *made: Result) -> None:
        self.results.extend(made)


LONG = timedelta(days=365)
