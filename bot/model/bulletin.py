"""A bulletin: the decision that readers are to be told."""

from __future__ import annotations

from dataclasses import dataclass
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
