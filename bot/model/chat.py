"""A chat that reads: a person's private chat, a group or a channel, and what was chosen in it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, time
from enum import StrEnum
from typing import TypedDict

from bot.model.following.mode import Mode
from bot.model.hours import UNBOUND, Bounds, DigestTime, Quiet, next_of
from bot.model.languages import ANY, Codes
from bot.model.story.topic import Topics

_LAST = 2**15
_NEVER = datetime.max.replace(tzinfo=UTC)


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

    `language`, `zone` (IANA name) and `digest_times` (none: no digest) are the
    chat's choices; `digest_size` is how many stories a topic has there, `digest_empty` whether an empty one
    says so. `news_languages` are the languages of the stories that the chat gets; none: every language.
    `instant` says whether stories come at once where no mode was chosen, `quiet` (local times from, to) when none does;
    `flash_at_night` whether breaking news comes then all the same, `bounds` what else it asked for.
    `form` and `pictures` say how they look; None: as the newsroom has it. `invited_by` is who brought the
    bot in, `chosen_by` who set something up there last. `menu_id` is the message in which a group chooses its topics.
    `username` is a person's @name in small letters, as it was seen last. `footer_id` is the line under what is
    posted; `thread_id` is where news comes, if not into General (see bot.model.places.thread).
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
    digest_times: tuple[DigestTime, ...] = ()
    digest_due: datetime | None = None
    digest_last: datetime | None = None
    digest_size: int | None = None
    digest_empty: bool = False
    quiet: Quiet | None = None
    flash_at_night: bool = False
    bounds: Bounds = UNBOUND
    news_languages: Codes = ANY
    form: str | None = None
    pictures: bool | None = None
    thread_id: int | None = None
    invited_by: int | None = None
    menu_id: int | None = None
    state_reason: str = ""
    username: str | None = None
    footer_id: int | None = None
    chosen_by: int | None = None

    @property
    def private(self) -> bool:
        """Whether this is one person's chat with the bot."""
        return self.kind is ChatKind.PRIVATE

    @property
    def digest_at(self) -> tuple[time, ...]:
        """At what times of the day a digest comes, on whatever days."""
        return tuple(each.at for each in self.digest_times)

    @property
    def merges(self) -> bool:
        """Whether many stories at once come as one message: in a channel, each is a post unless it was asked for."""
        return merges(self.kind, self.bounds)

    def next_digest(self, after: datetime) -> datetime | None:
        """Return when (UTC) the chat's first digest after that time falls due, None where it wants none."""
        if self.bounds.away_until is not None:
            after = max(after, self.bounds.away_until)
        return next_of(after, self.digest_times, self.zone)


class Choices(TypedDict, total=False):
    """What a chat may choose; what is left out stays.

    `digest_times` are at most six, `digest_at` such times for every day; none: no digest. No `news_languages`: all
    languages; `quiet` None: no quiet hours; the rest as in Bounds.
    """

    language: str
    zone: str
    instant: bool
    digest_at: tuple[time, ...]
    digest_times: tuple[DigestTime, ...]
    digest_size: int | None
    digest_empty: bool
    quiet: Quiet | None
    flash_at_night: bool
    weekend: Quiet | None
    most_hour: int | None
    most_day: int | None
    silent: bool
    merges: bool | None
    news_languages: Codes
    form: str | None
    pictures: bool | None
    thread_id: int | None
    digest_thread: int | None
    flash_thread: int | None
    footer_id: int | None


@dataclass(frozen=True, slots=True)
class Subscription:
    """When a chat gets a topic's stories; the topic may be WIRE. OFF: nothing, also below one that it follows.

    `most` of them a day come at once, the rest in the digest; None: all of them.
    """

    chat_id: int
    topic_id: int
    mode: Mode = Mode.USUAL
    thread_id: int | None = None
    since: datetime | None = None
    position: int | None = None
    most: int | None = None


def merges(kind: ChatKind, bounds: Bounds | None) -> bool:
    """Return whether many stories at once come to such a chat as one message."""
    chosen = bounds.merges if bounds is not None else None
    return kind is not ChatKind.CHANNEL if chosen is None else chosen


def topic_order(subscriptions: Mapping[int, Subscription], known: Topics) -> list[int]:
    """Return the topics that a chat follows by its own choice: as it arranged them, then as it followed them.

    The newsroom's order decides between equals.
    """
    place = {topic.id: at for at, topic in enumerate(known.all)}
    followed = [each for each in subscriptions.values() if each.mode and each.topic_id in place]

    def rank(one: Subscription) -> tuple[int, datetime, int]:
        position = one.position if one.position is not None else _LAST
        return position, one.since or _NEVER, place[one.topic_id]

    return [each.topic_id for each in sorted(followed, key=rank)]
