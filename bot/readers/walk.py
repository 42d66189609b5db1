"""From story to story through a list, also one that has moved on since."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import NamedTuple

from bot.model.story.article import Article


class Stop(NamedTuple):
    """A story in a list, and when it was published (UTC)."""

    id: int
    at: datetime | None


class Neighbours(NamedTuple):
    """The stories before and after one in its list; None at the ends."""

    before: Stop | None = None
    after: Stop | None = None


def stops_of(articles: Iterable[Article]) -> list[Stop]:
    """Return the stories of a list as stops."""
    return [Stop(each.id, each.published_at) for each in articles]


def around(stops: Sequence[Stop], here: Stop) -> Neighbours:
    """Return the neighbours of a story: in the list's order, or by time where the list has it no more.

    By time, what is newer stands before, as in a list that is newest first.
    """
    at = next((at for at, each in enumerate(stops) if each.id == here.id), None)
    if at is not None:
        return Neighbours(stops[at - 1] if at else None, stops[at + 1] if at + 1 < len(stops) else None)
    if here.at is None:
        return Neighbours()
    own = here.at, here.id
    timed = [((each.at, each.id), each) for each in stops if each.at is not None]
    newer = min((pair for pair in timed if pair[0] > own), default=None)
    older = max((pair for pair in timed if pair[0] < own), default=None)
    return Neighbours(newer[1] if newer else None, older[1] if older else None)
