"""Mutes: what a chat wants to hear nothing of, until a time or for good."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from enum import IntEnum, StrEnum
from typing import NamedTuple

from bot.model.hours import next_at

MOST = 100
"""How many mutes a chat may have."""

_FEED = re.compile(r"feed:([0-9]{1,18})")
_WORD = re.compile(r"([tf])([0-9]{1,18})")


class MuteKind(IntEnum):
    """What can be muted: a topic with all below it, or a source, which is a feed."""

    TOPIC = 1
    FEED = 2


_LETTERS = {MuteKind.TOPIC: "t", MuteKind.FEED: "f"}


class MuteTarget(NamedTuple):
    """A topic or a feed, by its number."""

    kind: MuteKind
    id: int

    @property
    def word(self) -> str:
        """The target as a button's data says it: `t5`, `f12`."""
        return f"{_LETTERS[self.kind]}{self.id}"


class MuteSpan(StrEnum):
    """For how long something is muted: until the next midnight, for seven days, for good."""

    TOMORROW = "tomorrow"
    WEEK = "week"
    GOOD = "good"

    def end(self, now: datetime, zone: str) -> datetime | None:
        """Return when (UTC) the mute lapses; None: never. `zone` is the chat's."""
        if self is MuteSpan.GOOD:
            return None
        return next_at(now, time(0), zone) if self is MuteSpan.TOMORROW else now + timedelta(days=7)


@dataclass(frozen=True, slots=True)
class Mute:
    """What a chat has muted, since when, and until when (UTC; None: for good)."""

    target: MuteTarget
    since: datetime
    until: datetime | None = None


def read_target(word: str) -> MuteTarget | None:
    """Return the target of a button's data, None where it is none."""
    found = re.fullmatch(_WORD, word)
    if found is None:
        return None
    kind = next(kind for kind, letter in _LETTERS.items() if letter == found[1])
    return MuteTarget(kind, int(found[2]))


def source_of(feed_id: int) -> str:
    """Return the name by which the articles of a feed are kept."""
    return f"feed:{feed_id}"


def feed_of(source: str) -> int | None:
    """Return the feed by whose name an article is kept; None for what an editor or the command line wrote."""
    found = re.fullmatch(_FEED, source)
    return int(found[1]) if found else None
