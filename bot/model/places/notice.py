"""What whoever set a chat up is told of it: once, and again when it was right meanwhile and a day has passed."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum

from bot.model.chat import ChatKind

AGAIN = timedelta(days=1)
"""How soon the same can be told again, where it was right in between."""


class ChatTrouble(StrEnum):
    """What happened to a group or a channel that the bot posts to."""

    REMOVED = "removed"
    SILENCED = "silenced"
    DELETED = "deleted"
    UPGRADED = "upgraded"
    THREAD_CLOSED = "thread-closed"
    THREAD_DELETED = "thread-deleted"
    NO_PINS = "no-pins"


OF_REASON = {
    "kicked": ChatTrouble.REMOVED,
    "left": ChatTrouble.REMOVED,
    "not-a-member": ChatTrouble.REMOVED,
    "forbidden": ChatTrouble.REMOVED,
    "no-rights": ChatTrouble.SILENCED,
    "paid-messages": ChatTrouble.SILENCED,
    "deleted": ChatTrouble.DELETED,
    "not-found": ChatTrouble.DELETED,
}
"""What the reason of a chat that can't be written to means for whoever set it up."""


@dataclass(frozen=True, slots=True)
class ChatNotice:
    """Something to tell one person about a chat; `thread` is the name of the thread that it is about."""

    id: int
    user_id: int
    telegram_id: int
    trouble: ChatTrouble
    title: str
    kind: ChatKind
    thread: str = ""
