"""A trial: what a feed says now, and what would become of it. Nothing of it is kept."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from datetime import datetime

NEWEST = 5
"""So many of the newest stories are shown."""


@dataclass(frozen=True, slots=True)
class TrialItem:
    """A story as a feed has it now.

    `topics` are the ids of the topics that it would get; none: only those who follow all the news would get it.
    """

    headline: str
    language: str
    published: datetime | None = None
    topics: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class FeedTrial:
    """What one look at an address told, the newest stories first.

    `fault` is the slug of what went wrong, empty where nothing did; `detail` is a phrase about it, in English.
    `count` are all its stories, `lost` those that can't be read; `known` is the id of the feed in use that has
    the address, `undated` how many stories name no time, `untopical` how many get no topic.
    """

    url: str
    items: tuple[TrialItem, ...] = ()
    count: int = 0
    lost: int = 0
    undated: int = 0
    untopical: int = 0
    languages: dict[str, int] = field(default_factory=dict)
    known: int | None = None
    fault: str = ""
    detail: str = ""


Look = Callable[[str], Awaitable[FeedTrial]]
"""Looks at an address once; whatever goes wrong there is told as a fault."""
