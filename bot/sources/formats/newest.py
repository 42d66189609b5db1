"""Which entries of a long feed are kept: the newest, not the first."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import UTC, datetime
from itertools import pairwise
from typing import Protocol, TypeVar

MOST_ITEMS = 500
_NUMBER = re.compile(r"\d{1,18}")


class _Told(Protocol):
    @property
    def identity(self) -> str: ...

    @property
    def published(self) -> datetime | None: ...


Told = TypeVar("Told", bound=_Told)


def newest(entries: Sequence[Told]) -> Sequence[Told]:
    """Return the entries, or the newest `MOST_ITEMS` of them, in the feed's order.

    An entry without a date is new: its feed may have brought it just now. Among entries of one date the first
    is the newest, unless the numbers in their identities grow from entry to entry.
    """
    if len(entries) <= MOST_ITEMS:
        return entries
    numbers = [int(found[-1]) for each in entries if (found := _NUMBER.findall(each.identity[-200:]))]
    rising = sum(before < after for before, after in pairwise(numbers))
    down = 1 if 2 * rising > len(entries) else -1
    latest = datetime.max.replace(tzinfo=UTC)
    ranked = sorted(
        range(len(entries)), key=lambda at: (entries[at].published or latest, at * down), reverse=True
    )
    return [entries[at] for at in sorted(ranked[:MOST_ITEMS])]
