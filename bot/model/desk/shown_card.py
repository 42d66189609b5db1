"""Where a story's card stands, and what people of the desk are to be told."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class ShownCard:
    """The message that is kept up to date as a story's card in a chat; Telegram's ids.

    `user_id` is for whom it was opened; None: it stands in a group, for all. `state` is how the story stood when it was
    shown, `imprint` tells what was shown. `flash_id` is the card of breaking news whose progress the message shows.
    `going` says that something of the story is still going out, `sinks` that the card is wanted anew at the chat's
    end. It is left alone before `next_at`.
    """

    chat_id: int
    article_id: int
    message_id: int
    sent_at: datetime
    next_at: datetime
    thread_id: int | None = None
    user_id: int | None = None
    flash_id: int | None = None
    state: str = ""
    imprint: str = ""
    going: bool = False
    sinks: bool = False


@dataclass(frozen=True, slots=True)
class DeskGroup:
    """A group that is the desk: Telegram's id, and the forum topic in which it works (None: none, or General)."""

    chat_id: int
    thread_id: int | None = None
    listed_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Notice:
    """What somebody is to be told: who did what to which story. A `loud` one makes a sound.

    `actor` None is the bot itself; `note` is what was said with the deed.
    """

    user_id: int
    deed_id: int
    article_id: int
    verb: str
    at: datetime
    actor: int | None = None
    note: str = ""
    loud: bool = False
    id: int = 0
