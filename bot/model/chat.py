"""A chat that reads: a person's private chat, a group or a channel, and what was chosen in it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, time
from enum import StrEnum


class ChatKind(StrEnum):
    """Telegram's own kinds of chat."""

    PRIVATE = "private"
    GROUP = "group"
    SUPERGROUP = "supergroup"
    CHANNEL = "channel"


class ChatState(StrEnum):
    """Whether the chat can be written to. `stopped` asked to be left alone; `gone` never comes back."""

    ACTIVE = "active"
    STOPPED = "stopped"
    BLOCKED = "blocked"
    GONE = "gone"


@dataclass(frozen=True, slots=True)
class Chat:
    """A chat of one bot. `id` is ours and stays when Telegram's own changes with an upgrade.

    `language`, `zone` (IANA name) and `digest_at` (local times, at most two; none: no digest) are the
    chat's choices; `digest_size` is how many stories a topic has there, `digest_empty` whether an empty one
    says so. `instant` says whether stories are pushed at once, `quiet` (local times from, to) when none is.
    `form` and `pictures` say how they look; None: as the newsroom has it. `invited_by` is who brought the
    bot in.
    """

    id: int
    bot_id: int
    telegram_id: int
    kind: ChatKind
    title: str
    state: ChatState
    language: str
    zone: str
    instant: bool = True
    digest_at: tuple[time, ...] = ()
    digest_due: datetime | None = None
    digest_last: datetime | None = None
    digest_size: int | None = None
    digest_empty: bool = False
    quiet: tuple[time, time] | None = None
    form: str | None = None
    pictures: bool | None = None
    thread_id: int | None = None
    invited_by: int | None = None
    state_reason: str = ""

    @property
    def private(self) -> bool:
        """Whether this is one person's chat with the bot."""
        return self.kind is ChatKind.PRIVATE


@dataclass(frozen=True, slots=True)
class Subscription:
    """That a chat follows a topic, or has muted it below one that it follows."""

    chat_id: int
    topic_id: int
    muted: bool = False
    thread_id: int | None = None
    since: datetime | None = None
    position: int | None = None


def follows(topic_chain: list[int], choices: dict[int, bool]) -> bool:
    """Return whether a chat follows a topic: the nearest choice on the way up decides.

    `topic_chain` is the topic and those above it, nearest first; `choices` maps a topic's id to whether
    the chat follows (True) or mutes (False) it.
    """
    return next((choices[topic] for topic in topic_chain if topic in choices), False)
