"""Who is editing a draft. A lock is a courtesy with a clock: what was typed is kept as revisions, whoever holds it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

IDLE = timedelta(minutes=10)
"""A lock falls when its holder has done nothing for so long."""


@dataclass(frozen=True, slots=True)
class Lock:
    """`user_id` (Telegram's) does `action` with a story since `since`; `seen_at` is when they did something last."""

    article_id: int
    user_id: int
    action: str
    since: datetime
    seen_at: datetime

    def holds(self, at: datetime) -> bool:
        """Return whether the lock still stands at that time."""
        return self.seen_at > at - IDLE
