"""A running bot at one moment: what is wrong, what goes out, what waits, what came in, who holds which lease."""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from functools import partial

from bot.model.bulletin import Progress
from bot.operations import status
from bot.operations.overview.readings import answered
from bot.operations.overview.speeds import PushSpeeds
from bot.operations.roles.holders import RoleHolder, holders
from bot.operations.roles.process_role import ALONE, seat_of
from bot.operations.status import Trouble
from bot.store.engine.database import Database, Transaction
from bot.store.ledger import bulletins, deliveries
from bot.store.ledger.counts import Counts, Size
from bot.store.newsroom import feeds
from bot.store.newsroom.feeds import Feed
from bot.store.operations import bots, overview_queries
from bot.store.operations.leases import Held
from bot.store.operations.overview_queries import FeedItems, LaneQueue, PushHead

MOST_PUSHES = 8
"""How many pushes are counted at a look: to count one of a million takes a second."""

MOST_FEEDS = 8

ENDED_FOR = timedelta(minutes=10)
"""A push that has ended is shown for so long."""

DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class LivePush:
    """A push, how far it has come, and how many chats a second it reaches (None: not known yet)."""

    head: PushHead
    progress: Progress
    speed: float | None

    @property
    def failed(self) -> int:
        """How many chats could not be reached."""
        return sum(self.progress.failed.values())

    @property
    def skipped(self) -> int:
        """How many chats were left out."""
        return sum(self.progress.skipped.values())

    @property
    def left_seconds(self) -> float | None:
        """In how many seconds it will have ended at this speed; None where that can't be said."""
        still = self.progress
        if still.done or still.paused or not still.planned or not self.speed or not still.waiting:
            return None
        return still.waiting / self.speed


@dataclass(frozen=True, slots=True)
class Overview:
    """What the database says. `waits_until` is until when Telegram asked the whole bot to wait.

    `roles` says who has each role of the bot, `leases` who has whatever else is leased.
    """

    troubles: Sequence[Trouble]
    pushes: Sequence[LivePush]
    lanes: Sequence[LaneQueue]
    in_doubt: int
    unanswered: int
    feeds: Sequence[Feed]
    items: dict[str, FeedItems]
    leases: dict[str, Held]
    roles: Sequence[RoleHolder]
    waits_until: datetime | None
    bytes: int | None
    """The size of the SQLite file with its log; None on PostgreSQL."""

    @property
    def going(self) -> Sequence[LivePush]:
        """The pushes that go out, or are paused."""
        return [each for each in self.pushes if not each.progress.done]

    @property
    def ended(self) -> Sequence[LivePush]:
        """The pushes that ended lately, those without any chat left out."""
        return [each for each in self.pushes if each.progress.done and each.progress.audience]

    @property
    def worst_feeds(self) -> Sequence[Feed]:
        """The first feeds to look at: those that fail most, then those that are paused."""
        worst_first = sorted(self.feeds, key=lambda each: (-each.failures, each.paused_at is None, each.id))
        return worst_first[:MOST_FEEDS]


class Overviews:
    """Reads overviews of one bot. It remembers what it saw before, to tell how fast pushes go."""

    def __init__(self, db: Database, bot_id: int, counts: Counts) -> None:
        self._db = db
        self._bot_id = bot_id
        self._counts = counts
        self._speeds = PushSpeeds()

    async def read(self, now: datetime) -> Overview:
        """Return what the database says now. Raises NoReading where it is locked, gone, or too slow."""
        return await answered(self._read(now))

    async def _read(self, now: datetime) -> Overview:
        async with self._db.read() as tx:
            held = await overview_queries.leases_held(tx)
            heads = await overview_queries.live_pushes(tx, self._bot_id, now - ENDED_FOR, MOST_PUSHES)
            found = Overview(
                troubles=await status.present(tx, self._bot_id, now),
                pushes=(),
                lanes=await overview_queries.lanes(tx, self._bot_id, now),
                in_doubt=sum((await deliveries.in_doubt(tx)).values()),
                unanswered=await overview_queries.unanswered(tx, self._bot_id),
                feeds=await feeds.all_in_use(tx),
                items=await overview_queries.items_since(tx, now - DAY),
                leases=_of_others(held, self._bot_id),
                roles=holders(held, self._bot_id, now),
                waits_until=await bots.paused_until(tx, self._bot_id),
                bytes=_size(self._db),
            )
        pushes = [push for head in heads if (push := await self._push(head, now))]
        self._speeds.keep([each.bulletin_id for each in heads])
        return replace(found, pushes=pushes)

    async def _push(self, head: PushHead, now: datetime) -> LivePush | None:
        count = partial(_progress, bulletin_id=head.bulletin_id)
        name = ("overview", head.bulletin_id)
        found = await self._counts.of(self._db, name, None, count=count, size=_counted)
        if found is None or _over(found, now):
            return None
        speed = self._speeds.note(head.bulletin_id, time.monotonic(), found.accepted)
        begun = max(head.created_at, found.starts_at or head.created_at)
        if speed is None and found.accepted and now > begun:
            speed = found.accepted / (now - begun).total_seconds()
        return LivePush(head, found, speed)


def _of_others(held: dict[str, Held], bot_id: int) -> dict[str, Held]:
    """Return the leases on what is no role of this bot."""
    own = {seat_of(role, bot_id).lease_name for role in ALONE}
    return {name: each for name, each in held.items() if name not in own}


async def _progress(tx: Transaction, bulletin_id: int) -> Progress | None:
    return await bulletins.progress(tx, bulletin_id)


def _counted(found: Progress | None) -> Size:
    return Size(found.audience, found.done) if found else Size(0, True)


def _over(found: Progress, now: datetime) -> bool:
    """Whether a push is of no interest any more: it has ended a while ago, or all that waits has quiet hours."""
    return found.done and now - (found.last_at or found.created_at) > ENDED_FOR


def _size(db: Database) -> int | None:
    if db.file is None:
        return None
    total = 0
    for path in (db.file, db.file.with_name(f"{db.file.name}-wal")):
        try:
            total += path.stat().st_size
        except OSError:
            continue
    return total
