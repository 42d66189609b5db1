"""Figures: what became of a push, of a story, of a period; counts alone, never who."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from bot.model.bulletin import BulletinKind

SOON_SECONDS = (30, 60, 120)
"""Within which times it is told how many had a story, where that took as long."""

TENTHS = 10
"""Of how many steps the curve is made that says when each further tenth had the story."""


@dataclass(frozen=True, slots=True)
class PushCount:
    """What one bulletin did: how many chats were meant, how many Telegram accepted, and why others failed.

    `started_at` is when its first message could leave. `tenths` are the seconds from then until Telegram had
    accepted it for a tenth of the chats, two tenths … all; empty for corrections and kills, which keep no time. Those
    whose own quiet hours held the story back are `later`, and not in `tenths`. `within` counts by seconds.
    """

    bulletin_id: int
    article_id: int
    kind: BulletinKind
    flash: bool
    started_at: datetime
    planned: int = 0
    accepted: int = 0
    waiting: int = 0
    later: int = 0
    in_doubt: int = 0
    failed: Mapping[str, int] = field(default_factory=dict)
    skipped: Mapping[str, int] = field(default_factory=dict)
    tenths: Sequence[float] = ()
    within: Mapping[int, int] = field(default_factory=dict)

    @property
    def half_seconds(self) -> float | None:
        """The seconds after which half of them had it (p50), None where nobody has."""
        return self.tenths[4] if self.tenths else None

    @property
    def most_seconds(self) -> float | None:
        """The seconds after which nine of ten had it (p90), None where nobody has."""
        return self.tenths[8] if self.tenths else None

    @property
    def slow(self) -> dict[int, int]:
        """How many had it within 30, 60 and 120 s, as far as it took that long."""
        if not self.tenths:
            return {}
        last = self.tenths[-1]
        return {seconds: count for seconds, count in self.within.items() if last > seconds}


@dataclass(frozen=True, slots=True)
class Flow:
    """How many chats began to read in a quarter of an hour, and how many stopped or were lost."""

    at: datetime
    gained: int
    lost: int


@dataclass(frozen=True, slots=True)
class StoryReads:
    """A story that went out, in a few words and counts."""

    article_id: int
    headline: str
    reads: int = 0


def tenths_of(times: Mapping[int, int]) -> tuple[float, ...]:
    """Return after how many seconds each further tenth was reached; `times` are counts by milliseconds."""
    total = sum(times.values())
    if not total:
        return ()
    found: list[float] = []
    reached = 0
    for millis in sorted(times):
        reached += times[millis]
        while len(found) < TENTHS and reached * TENTHS >= total * (len(found) + 1):
            found.append(max(0, millis) / 1000)
    return tuple(found)
