"""Digests that fall due: one for each chat, however many hours were missed; some hundred chats a transaction."""

from __future__ import annotations

from bisect import bisect_right
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import NamedTuple

from bot.model.desk.highlights import Highlights
from bot.model.following.mute import MuteTarget
from bot.model.following.news import Listed, News, stories_of, without
from bot.model.hours import DigestTime, next_of
from bot.model.languages import Codes, meet
from bot.store.desk import highlights
from bot.store.digests import due, editions, news
from bot.store.digests.due import DueChat, Made, TopicChoices
from bot.store.engine.database import Database, Transaction
from bot.store.engine.types import from_millis, to_millis
from bot.store.following import mutes
from bot.store.newsroom import topics

PERIOD = timedelta(days=1)
LONGEST = timedelta(days=7)
"""How far back at most a digest reaches after digests were missed."""

NOTHING: frozenset[MuteTarget] = frozenset()

FIRST, AT_ONCE = 50, 1_000
"""How many chats' digests one transaction makes: it must not hold up what is being sent. Few at `FIRST`."""

ROOM = 5_000
"""After how many stories in contents that nobody had before a transaction ends."""


async def plan_due(db: Database, bot_id: int, now: datetime) -> int:
    """Make the digests that are due and return how many; an empty one is left out unless the chat wants it."""
    async with db.read() as tx:
        ids = await due.due(tx, bot_id, now)
        if not ids:
            return 0
        known = await topics.load(tx)
        planner = Planner(
            bot_id,
            now,
            news=News(await news.published(tx, now - LONGEST, now), known),
            choices=TopicChoices(known),
            unsent=await due.unsent(tx, bot_id),
            floor=await news.last_before(tx, now - LONGEST),
            heads=await _heads(tx, bot_id, now),
        )
    made = done = 0
    page = FIRST
    while done < len(ids):
        async with db.write(checked=False) as tx:
            ended = await planner.plan(tx, ids[done : done + page])
        made, done = made + ended.digests, done + ended.chats
        page = min(AT_ONCE, page * 2) if ended.chats == page else max(FIRST, ended.chats)
    return made


async def _heads(tx: Transaction, bot_id: int, now: datetime) -> list[tuple[Highlights, Codes]]:
    found = await highlights.heads(tx, bot_id, now)
    return [(each, await highlights.languages_of(tx, each.stories)) for each in found]


class Planned(NamedTuple):
    """How many digests a transaction made, and how many chats it looked at."""

    digests: int
    chats: int


@dataclass
class Planner:
    """Makes digests of chats, page by page. What is the same for many chats is found, and kept, once.

    `unsent` are digests that never got out, by chat; `heads` highlights that head digests, with their languages;
    digests up to the number `floor` are too old to matter.
    """

    bot_id: int
    now: datetime
    news: News
    choices: TopicChoices
    unsent: Mapping[int, Sequence[int]]
    floor: int
    heads: Sequence[tuple[Highlights, Codes]]
    _usual: int = field(init=False)
    _editions: dict[Listed, int | None] = field(default_factory=dict)
    _told: dict[int, frozenset[int]] = field(default_factory=dict)
    _next: dict[tuple[tuple[DigestTime, ...], str], datetime | None] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self._usual = to_millis(self.now - PERIOD)

    async def plan(self, tx: Transaction, ids: Sequence[int]) -> Planned:
        """Make the digests of those of the chats that are still due, the first ones where that is much to write."""
        found = await due.chats_of(tx, ids, self.now)
        away = [one for one in found if one.away_until is not None and one.away_until > self.now]
        here = [one for one in found if one not in away] if away else found
        wanted, last = await self._wanted(tx, [one for one in here if one.times])
        numbers = await editions.add_many(tx, [told for _, told in wanted if told not in self._editions])
        self._editions |= numbers
        made = [one._replace(edition_id=self._editions[told]) for one, told in wanted]
        await due.add(tx, self.bot_id, made, self.now)
        if last is not None:
            here = [one for one in here if one.id <= last]
            away = [one for one in away if one.id <= last]
        await due.next_due(tx, self._by_next(here), last=self.now)
        await due.next_due(tx, self._by_next(away), last=None)
        return Planned(len(made), len(ids) if last is None else bisect_right(ids, last))

    async def _wanted(
        self, tx: Transaction, found: Sequence[DueChat]
    ) -> tuple[list[tuple[Made, Listed]], int | None]:
        """Return the digests to be made and what each tells, and the last chat looked at where some are left."""
        waiting = [each for one in found for each in self.unsent.get(one.id, ())]
        unsent = await due.merge(tx, self.bot_id, waiting)
        since = {one.id: self._since(one, unsent.get(one.id)) for one in found}
        muted = await mutes.of_chats(tx, [one.id for one in found], self.now)
        listed = {
            one.id: self.news.told(
                self.choices.of(one.chosen, muted.get(one.id, NOTHING)), one.languages, since[one.id]
            )
            for one in found
        }
        has = await self._has(tx, since, listed)
        heads = await self._heads(tx, found)
        wanted: list[tuple[Made, Listed]] = []
        new: set[Listed] = set()
        room = ROOM
        for one in found:
            told = without(listed[one.id], has.get(one.id, ()))
            head = heads.get(one.id)
            if head is not None:
                told = ((None, head.stories), *without(told, set(head.stories)))
            if told or one.empty:
                wanted.append((Made(one.id, None, since[one.id], head.id if head else None), told))
            if told not in self._editions and told not in new:
                new.add(told)
                room -= sum(len(ids) for _, ids in told)
                if room < 0:
                    return wanted, one.id
        return wanted, None

    def _since(self, one: DueChat, unsent: datetime | None) -> datetime:
        last = self.now - PERIOD
        if one.last is not None and one.last < self._usual:
            last = from_millis(one.last)
        if unsent is not None:
            last = min(last, unsent)
        return max(last, self.now - LONGEST)

    async def _has(
        self, tx: Transaction, since: Mapping[int, datetime], listed: Mapping[int, Listed]
    ) -> dict[int, frozenset[int]]:
        """Return what the chats have, by themselves or by a digest."""
        offered = {each for told in set(listed.values()) for each in stories_of(told)}
        if not offered:
            return {}
        has = await news.got(tx, self.bot_id, list(since), offered)
        told = await news.told(tx, self.bot_id, list(since), min(since.values()), floor=self.floor)
        unknown = {each for numbers in told.values() for each in numbers} - self._told.keys()
        self._told |= await news.in_editions(tx, unknown)
        for chat_id, numbers in told.items():
            has[chat_id] = has.get(chat_id, frozenset()).union(news.union_of(self._told, numbers))
        return has

    async def _heads(self, tx: Transaction, found: Sequence[DueChat]) -> dict[int, Highlights]:
        """Return the newest highlights that head digests, for chats that read their language and had them not yet."""
        heads: dict[int, Highlights] = {}
        for picked, languages in self.heads:
            had = await due.had(tx, picked.id, [one.id for one in found])
            for one in found:
                if one.id not in heads and one.id not in had and meet(one.languages, languages):
                    heads[one.id] = picked
        return heads

    def _by_next(self, found: Sequence[DueChat]) -> dict[datetime | None, list[int]]:
        """Return the chats by the time of their next digest."""
        by_next: dict[datetime | None, list[int]] = defaultdict(list)
        for one in found:
            by_next[self._next_due(one)].append(one.id)
        return by_next

    def _next_due(self, one: DueChat) -> datetime | None:
        if one.away_until is not None and one.away_until > self.now:
            return next_of(one.away_until, one.times, one.zone)
        key = one.times, one.zone
        if key not in self._next:
            self._next[key] = next_of(self.now, one.times, one.zone)
        return self._next[key]
