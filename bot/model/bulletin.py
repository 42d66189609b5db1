"""A bulletin: the decision that readers are to be told."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from bot.model.delivery import Lane


class BulletinKind(StrEnum):
    """What is to be told."""

    NEW = "new"
    CORRECTED = "corrected"
    KILLED = "killed"


@dataclass(frozen=True, slots=True)
class Bulletin:
    """Article `article_id` at `revision` is new, corrected or killed.

    `everybody` reaches every chat that has not stopped the bot; otherwise the article's topics say who.
    `ceiling` is the last chat that existed when it was decided, `cursor` the last one planned so far.
    """

    id: int
    article_id: int
    revision: int
    kind: BulletinKind
    lane: Lane
    everybody: bool
    created_at: datetime
    ceiling: int
    cursor: int = 0
    planned_at: datetime | None = None
    stopped_at: datetime | None = None
    paused_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a bulletin has come.

    `audience` is the chats planned so far, all of them once `planned`; each is accepted by Telegram, still
    waiting, failed or skipped (by reason), or in doubt. `last_at` is when the last one was accepted,
    `within` how many were within so many seconds of the decision. `pause_reason` is empty where an editor
    paused it.
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
    within: Mapping[int, int] = field(default_factory=dict)

    @property
    def done(self) -> bool:
        """Whether nothing more will happen to it."""
        return (self.planned or self.stopped) and not self.waiting
