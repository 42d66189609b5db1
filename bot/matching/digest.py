"""Digests that fall due: one for each chat, however many hours were missed; a thousand chats at a time.

What a page of chats is told is found beside the writer, while the page before is written.
"""

from __future__ import annotations

import asyncio
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import NamedTuple

from bot.matching import digest_contents
from bot.matching.digest_contents import ContentsCache, DigestContents, Offer
from bot.model.desk.highlights import Highlights
from bot.model.following.news import News
from bot.model.hours import next_of
from bot.model.languages import Codes, meet
from bot.store.desk import highlights
from bot.store.digests import due, news
from bot.store.digests.choices import TopicChoices
from bot.store.digests.due import DueChat, Made, Turn
from bot.store.engine.database import Database, Transaction
from bot.store.engine.types import digest_times, from_millis, to_millis
from bot.store.following import carried

PERIOD = timedelta(days=1)
LONGEST = timedelta(days=7)
"""How far back at most a digest reaches after digests were missed."""

NOTHING: frozenset[int] = frozenset()

AT_ONCE = 1_000
"""How many chats' digests one transaction makes: it must not hold up what is being sent."""

ROOM = 2_000
"""After how many stories in contents that nobody had before a transaction ends."""


async def plan_due(db: Database, bot_id: int, now: datetime) -> int:
    """Make the digests that are due and return how many; an empty one is left out unless the chat wants it."""
    async with db.read() as tx:
        ids = await due.due(tx, bot_id, now)
        if not ids:
            return 0
        scope = await carried.of_bot(tx, bot_id)
        stories = scope.among(await news.published(tx, now - LONGEST, now))
        planner = Planner(
            bot_id,
            now,
            contents=ContentsCache(News(stories, scope.known)),
            choices=TopicChoices(scope.known, now),
            floor=await news.last_before(tx, now - LONGEST),
            heads=await _heads(tx, bot_id, now),
        )
        unsent = await due.unsent(tx, bot_id)
    made = await _merge(db, planner, {each: unsent[each] for each in ids if each in unsent})
    return made + await _plan(db, planner, [each for each in ids if each not in unsent])


async def _heads(tx: Transaction, bot_id: int, now: datetime) -> list[tuple[Highlights, Codes]]:
    found = await highlights.heads(tx, bot_id, now)
    return [(each, await highlights.languages_of(tx, each.stories)) for each in found]


async def _plan(db: Database, planner: Planner, ids: Sequence[int]) -> int:
    """Make the digests of chats, and look at the next page meanwhile."""
    made, drafts = 0, await _read(db, planner, ids[:AT_ONCE])
    for first in range(AT_ONCE, len(ids) + AT_ONCE, AT_ONCE):
        ahead = asyncio.create_task(_read(db, planner, ids[first : first + AT_ONCE]))
        try:
            for part in _parts(drafts):
                async with db.write(checked=False) as tx:
                    made += await planner.keep(tx, part)
            drafts = await ahead
        finally:
            ahead.cancel()
            await asyncio.wait([ahead])
    return made


async def _read(db: Database, planner: Planner, ids: Sequence[int]) -> list[Draft]:
    if not ids:
        return []
    async with db.read() as tx:
        return await planner.look(tx, ids, {})


async def _merge(db: Database, planner: Planner, unsent: Mapping[int, Sequence[int]]) -> int:
    """Make the digests of chats whose last ones never got out: the next ones tell what those told.

    In one transaction, as what was merged must be told.
    """
    ids, made, page = list(unsent), 0, AT_ONCE // 2
    for first in range(0, len(ids), page):
        some = ids[first : first + page]
        async with db.write(checked=False) as tx:
            merged = await due.merge(tx, planner.bot_id, [each for one in some for each in unsent[one]])
            made += await planner.keep(tx, await planner.look(tx, some, merged))
    return made


class Draft(NamedTuple):
    """A chat whose digest is due, and what is told since when; no contents where it is told nothing."""

    chat: DueChat
    since: datetime
    contents: DigestContents | None = None
    highlights_id: int | None = None


def _parts(drafts: Sequence[Draft]) -> Iterator[Sequence[Draft]]:
    """Part drafts so that no transaction writes too much. What one part wrote is not new to the next."""
    first, room, new = 0, ROOM, set[DigestContents]()
    for at, (_, _, told, _) in enumerate(drafts):
        if told is not None and told.is_new and told not in new:
            new.add(told)
            room -= told.size
        if room < 0:
            yield drafts[first : at + 1]
            first, room, new = at + 1, ROOM, set()
    if first < len(drafts):
        yield drafts[first:]


@dataclass
class Planner:
    """Makes digests of chats, page by page. What is the same for many chats is found, and kept, once.

    `heads` are highlights that head digests, with their languages; digests up to the number `floor` are too old to
    matter.
    """

    bot_id: int
    now: datetime
    contents: ContentsCache
    choices: TopicChoices
    floor: int
    heads: Sequence[tuple[Highlights, Codes]]
    _usual: int = field(init=False)
    _at: int = field(init=False)
    _told: dict[int, frozenset[int]] = field(default_factory=dict)
    _next: dict[tuple[str, str, int | None], int | None] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self._at = to_millis(self.now)
        self._usual = to_millis(self.now - PERIOD)

    async def look(self, tx: Transaction, ids: Sequence[int], merged: Mapping[int, datetime]) -> list[Draft]:
        """Return what those of the chats that are due are told; `merged`: since when what was merged told."""
        found = await due.chats_of(tx, ids, self.now)
        here = [one for one in found if one.times and not self._is_away(one)]
        since = {one.id: self._since(one, merged.get(one.id)) for one in here}
        choices = await self.choices.of_chats(tx, list(since))
        offers = {one.id: self.contents.offer(choices[one.id], one.languages, since[one.id]) for one in here}
        has = await self._has(tx, since, offers)
        heads = await self._headed(tx, here)
        drafts = []
        for one in found:
            offer = offers.get(one.id)
            if offer is None:
                drafts.append(Draft(one, self.now))
                continue
            head = heads.get(one.id)
            told = self.contents.left(offer, has.get(one.id, NOTHING), head.stories if head else ())
            wanted = told if told.listed or one.empty else None
            drafts.append(Draft(one, since[one.id], wanted, head.id if head else None))
        return drafts

    async def keep(self, tx: Transaction, drafts: Sequence[Draft]) -> int:
        """Write the digests of those of the chats that are as they were looked at; return how many."""
        if not drafts:
            return 0
        moved = await due.move(tx, [self._turn(each.chat) for each in drafts], self.now)
        wanted = [
            (each, each.contents) for each in drafts if each.contents is not None and each.chat.id in moved
        ]
        await digest_contents.keep(tx, (told for _, told in wanted))
        made = [Made(one.chat.id, told.edition_id, one.since, one.highlights_id) for one, told in wanted]
        await due.add(tx, self.bot_id, made, self.now)
        return len(made)

    def _is_away(self, one: DueChat) -> bool:
        return one.away_until is not None and one.away_until > self._at

    def _since(self, one: DueChat, merged: datetime | None) -> datetime:
        last = self.now - PERIOD
        if one.last is not None and one.last < self._usual:
            last = from_millis(one.last)
        if merged is not None:
            last = min(last, merged)
        return max(last, self.now - LONGEST)

    async def _has(
        self, tx: Transaction, since: Mapping[int, datetime], offers: Mapping[int, Offer]
    ) -> dict[int, frozenset[int]]:
        """Return what the chats have, by themselves or by a digest."""
        offered = frozenset[int]().union(*(each.ids for each in dict.fromkeys(offers.values())))
        if not offered:
            return {}
        got = await news.got(tx, self.bot_id, list(since), offered)
        has = {chat_id: self.contents.same(ids) for chat_id, ids in got.items()}
        told = await news.told(tx, self.bot_id, list(since), min(since.values()), floor=self.floor)
        unknown = {each for numbers in told.values() for each in numbers} - self._told.keys()
        self._told |= await news.in_editions(tx, unknown)
        unions: dict[tuple[frozenset[int], frozenset[int]], frozenset[int]] = {}
        for chat_id, numbers in told.items():
            key = has.get(chat_id, NOTHING), frozenset(numbers)
            if key not in unions:
                unions[key] = self.contents.same(key[0].union(news.union_of(self._told, numbers)))
            has[chat_id] = unions[key]
        return has

    async def _headed(self, tx: Transaction, found: Sequence[DueChat]) -> dict[int, Highlights]:
        """Return the newest highlights that head digests, for chats that read their language and had them not yet."""
        heads: dict[int, Highlights] = {}
        for picked, languages in self.heads:
            had = await due.had(tx, picked.id, [one.id for one in found])
            for one in found:
                if one.id not in heads and one.id not in had and meet(one.languages, languages):
                    heads[one.id] = picked
        return heads

    def _turn(self, one: DueChat) -> Turn:
        """Return when the chat's digest is due next; one that is away has none made now."""
        away = one.away_until if self._is_away(one) else None
        key = one.times, one.zone, away
        if key not in self._next:
            after = self.now if away is None else from_millis(away)
            at = next_of(after, digest_times(one.times), one.zone)
            self._next[key] = None if at is None else to_millis(at)
        last = self._at if away is None else None
        return Turn(one.id, one.times, one.zone, one.away_until, self._next[key], last)
