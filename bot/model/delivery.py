"""A delivery: what one chat should be shown of one subject, and what it is shown now.

Thousands of these are made each second: they are tuples, which cost a fifth of frozen dataclasses.
"""

from __future__ import annotations

from datetime import datetime
from enum import IntEnum, StrEnum
from typing import NamedTuple

from bot.model.message import MessageForm


class Lane(IntEnum):
    """What goes first, where the pace makes something wait. Smaller is sooner."""

    REPLY = 0
    KILL = 1
    FLASH = 2
    CORRECTION = 3
    STORY = 4
    DIGEST = 5


class SubjectKind(IntEnum):
    """What a delivery is of."""

    ARTICLE = 1
    DIGEST = 2


class Manner(IntEnum):
    """How news comes: with a sound, without one, or with a sound and pinned in the chat."""

    SOUND = 0
    SILENT = 1
    PINNED = 2


class State(IntEnum):
    """Where a delivery stands. Waiting and claimed are open; the rest are settled until wanted changes."""

    WAITING = 0
    CLAIMED = 1
    DONE = 2
    FAILED = 3
    SKIPPED = 4
    DOUBT = 5


WITHDRAWN = 0
"""The revision that is wanted, or shown, where nothing is to be seen."""

NOTICE = "notice"
"""The reason of a delivery whose message could not be deleted any more: a notice stands in its place."""


THREAD_CLOSED = "thread-closed"
"""The reason of a delivery that waits until its thread is open again: nothing else of its chat waits behind it."""


class Action(StrEnum):
    """What makes shown equal wanted."""

    NOTHING = "nothing"
    SEND = "send"
    EDIT = "edit"
    WITHDRAW = "withdraw"


class Subject(NamedTuple):
    """The article or the digest that a delivery shows."""

    kind: SubjectKind
    id: int


class Shown(NamedTuple):
    """A message of a delivery that stands in the chat: part number from 0, id, form, what it shows."""

    part: int
    message_id: int
    form: MessageForm
    revision: int = 1


class Delivery(NamedTuple):
    """A claimed delivery with all that the courier needs to carry it out.

    `decided_at` is when its bulletin was decided; None for a digest. `reply_to` is the message in the chat that the
    first one replies to. `thread_id` is as in bot.model.places.thread, None for General; `footer_id` is the line that
    stands below.
    """

    bot_id: int
    chat_id: int
    telegram_id: int
    chat_kind: str
    language: str
    zone: str
    subject: Subject
    lane: Lane
    wanted: int
    shown: int | None
    thread_id: int | None
    due_at: datetime
    attempts: int
    messages: tuple[Shown, ...] = ()
    bulletin_id: int | None = None
    form: str | None = None
    pictures: bool | None = None
    decided_at: datetime | None = None
    reply_to: int | None = None
    manner: Manner = Manner.SOUND
    footer_id: int | None = None

    @property
    def key(self) -> tuple[int, int, int]:
        """What names the delivery among those of its bot."""
        return (self.subject.kind, self.subject.id, self.chat_id)

    @property
    def action(self) -> Action:
        """What is to be done."""
        return decide(self.wanted, self.shown)


class Placed(NamedTuple):
    """A part of a delivery now stands in the chat as `message_id`, showing `revision`."""

    delivery: Delivery
    part: int
    message_id: int
    revision: int
    form: MessageForm


class Removed(NamedTuple):
    """A part of a delivery no longer stands in the chat."""

    delivery: Delivery
    part: int


class Outcome(NamedTuple):
    """How a claim on a delivery ended.

    DONE shows `shown`; WAITING tries again at `due_at`, or when it was due anyway; the others are settled
    with `reason`. `attempts` is what the ledger then counts: a wait that Telegram asked for is no attempt.
    `holds_chat` lets nothing else go to the chat before `due_at`, so that its stories stay in order.
    """

    delivery: Delivery
    state: State
    attempts: int
    shown: int | None = None
    reason: str | None = None
    due_at: datetime | None = None
    holds_chat: bool = False


Result = Placed | Removed | Outcome


def decide(wanted: int, shown: int | None) -> Action:
    """Return what makes `shown` equal `wanted`; None and WITHDRAWN both mean that nothing is shown."""
    if (shown or WITHDRAWN) == wanted:
        return Action.NOTHING
    if wanted == WITHDRAWN:
        return Action.WITHDRAW
    return Action.EDIT if shown else Action.SEND
