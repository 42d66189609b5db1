"""What digests tell: the same contents are made, and kept, once for all chats that are told alike."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime

from bot.model.following.news import Listed, News, TopicChoice, stories_of, without
from bot.model.languages import Codes
from bot.store.digests import editions
from bot.store.engine.database import Transaction


@dataclass(eq=False, slots=True)
class DigestContents:
    """What digests tell, and the edition in which that is kept; None: no stories, or not kept yet."""

    listed: Listed
    edition_id: int | None = None

    @property
    def is_new(self) -> bool:
        """Whether the contents are still to be kept."""
        return bool(self.listed) and self.edition_id is None

    @property
    def size(self) -> int:
        """How many stories are told."""
        return sum(len(ids) for _, ids in self.listed)


@dataclass(eq=False, slots=True)
class Offer:
    """What chats that chose alike are told, unless they have it already; what is left, by what a chat has of it."""

    listed: Listed
    ids: frozenset[int] = field(init=False)
    left: dict[tuple[frozenset[int], tuple[int, ...]], DigestContents] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.ids = frozenset(stories_of(self.listed))


class ContentsCache:
    """Offers and contents, each made once. Sets of stories are kept too: comparing equal ones is dear."""

    def __init__(self, news: News) -> None:
        self._news = news
        self._offers: dict[tuple[TopicChoice, Codes, datetime], Offer] = {}
        self._contents: dict[Listed, DigestContents] = {}
        self._sets: dict[frozenset[int], frozenset[int]] = {}

    def offer(self, choice: TopicChoice, languages: Codes, since: datetime) -> Offer:
        """Return what a chat is offered of what was published after `since`."""
        key = (choice, languages, since)
        found = self._offers.get(key)
        if found is None:
            found = self._offers[key] = Offer(self._news.told(*key))
        return found

    def same(self, ids: frozenset[int]) -> frozenset[int]:
        """Return the set that is kept for all equal ones."""
        return self._sets.setdefault(ids, ids)

    def left(self, offer: Offer, has: frozenset[int], head: tuple[int, ...] = ()) -> DigestContents:
        """Return what is told without the stories that a chat has, behind those that head it."""
        found = offer.left.get((has, head))
        if found is None:
            listed = without(offer.listed, has)
            if head:
                listed = ((None, head), *without(listed, set(head)))
            found = self._contents.setdefault(listed, DigestContents(listed))
            offer.left[has, head] = found
        return found


async def keep(tx: Transaction, told: Iterable[DigestContents]) -> None:
    """Keep those of the contents that are new."""
    new = [each for each in dict.fromkeys(told) if each.is_new]
    numbers = await editions.add_many(tx, [each.listed for each in new])
    for each in new:
        each.edition_id = numbers[each.listed]
