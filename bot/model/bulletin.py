"""A bulletin: the decision that readers are to be told."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from bot.model.audience import FOLLOWERS, Audience, Narrow
from bot.model.delivery import Lane
from bot.model.languages import ANY, Codes


class BulletinKind(StrEnum):
    """What is to be told."""

    NEW = "new"
    CORRECTED = "corrected"
    KILLED = "killed"


@dataclass(frozen=True, slots=True)
class Bulletin:
    """Article `article_id` at `revision` is new, corrected or killed.

    `audience` says which chats are told, among those of the bot `bot_id`, or of all bots where that is None;
    `languages` those that the chats must read one of, none: whatever they read.
    `ceiling` is the last chat that existed when the bulletin was decided, `cursor` the last one planned so far,
    `deliveries` how many deliveries were written or changed for that. Nothing of it leaves before `not_before`.
    `reply_to` is the story to whose messages this one replies, where a chat has them.
    """

    id: int
    article_id: int
    revision: int
    kind: BulletinKind
    lane: Lane
    created_at: datetime
    ceiling: int
    audience: Audience | Narrow = FOLLOWERS
    bot_id: int | None = None
    cursor: int = 0
    deliveries: int = 0
    planned_at: datetime | None = None
    stopped_at: datetime | None = None
    paused_at: datetime | None = None
    languages: Codes = ANY
    not_before: datetime | None = None
    reply_to: int | None = None


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a bulletin has come.

    `audience` is the chats planned so far, all of them once `planned`; each is accepted by Telegram, still
    waiting, failed or skipped (by reason), or in doubt. `last_at` is when the last one was accepted,
    `within` how many were within so many seconds of the decision. `pause_reason` is empty where an editor
    paused it. `quiet` wait for the end of their quiet hours. Nothing leaves before `starts_at`.
    """

    audience: int
    accepted: int
    waiting: int
    in_doubt: int
    planned: bool
    stopped: bool
    created_at: datetime
    last_at: datetime | None = None
    failed: Mapping[str, int] = field(default_factory=dict)
    skipped: Mapping[str, int] = field(default_factory=dict)
    paused: bool = False
    pause_reason: str = ""
    quiet: int = 0
    starts_at: datetime | None = None
    within: Mapping[int, int] = field(default_factory=dict)

    def waits_for_start(self, now: datetime) -> bool:
        """Whether it starts later, and can be taken back until then."""
        started = self.planned or self.stopped or self.audience > 0
        return not started and self.starts_at is not None and self.starts_at > now

    @property
    def done(self) -> bool:
        """Whether nothing more will happen to it."""
        return (self.planned or self.stopped) and not self.waiting
