"""What a search looks for, before any database is asked."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from bot.model.languages import ANY, Codes


class Order(StrEnum):
    """In which order stories are found: the newest first, or those first that have the words in their headline."""

    NEWEST = "n"
    BEST = "b"


@dataclass(frozen=True, slots=True)
class Sought:
    """One thing that a story may have: any of the phrases, or a word that begins with the prefix.

    A phrase is stems that stand side by side. Stems and prefix are small letters and digits alone.
    """

    phrases: tuple[tuple[str, ...], ...]
    prefix: str = ""


@dataclass(frozen=True, slots=True)
class Query:
    """What is looked for: stories that have all of the `wanted` and nothing of the `unwanted`.

    `since` and `until` (not included) bound the time of publication. `topic_ids` None: whatever the topic; with
    `untopical`, stories without a topic as well as those. No `languages`: every language. Nothing is found that has one
    of `never_topics`, or that is kept under one of `never_sources`.
    """

    wanted: tuple[Sought, ...] = ()
    unwanted: tuple[Sought, ...] = ()
    since: datetime | None = None
    until: datetime | None = None
    topic_ids: tuple[int, ...] | None = None
    languages: Codes = ANY
    order: Order = Order.NEWEST
    untopical: bool = False
    never_topics: tuple[int, ...] = ()
    never_sources: tuple[str, ...] = ()
