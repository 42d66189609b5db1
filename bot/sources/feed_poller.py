"""Asks the feeds that are due. Whatever goes wrong with one costs a recorded reason and a longer wait."""

from __future__ import annotations

import asyncio
import logging
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import NamedTuple

from bot.log import Event, Outage
from bot.metrics import FEED_POLLS
from bot.sources.classify import Classifier
from bot.sources.fetch.fetcher import Fetcher, FetchError
from bot.sources.intake import Handling, Taken, note, take
from bot.sources.item import Item, SourceError, newest_first
from bot.sources.parser_pool import ParserPool
from bot.sources.registry import open_source
from bot.sources.source import Batch
from bot.sources.submission import Origin, submission
from bot.store.engine.database import Database, why
from bot.store.newsroom import feeds, topics
from bot.store.newsroom.feeds import Feed

log = logging.getLogger(__name__)

AT_ONCE, ITEMS_AT_ONCE = 8, 20
LONGEST_WAIT, MOST_ASKED_FOR = 6 * 3600.0, 86_400.0
"""Seconds between two looks at a feed that fails: by our own rule, and where its server asks for more."""

SHARE = 20
"""A feed that took a second is left alone for at least 20: a slow feed takes a twentieth of its place."""

UNFORESEEN = "unforeseen"

CLAIM = timedelta(minutes=2)
"""How long a look may take before another process looks: fetching and reading are over in less than a minute."""

LATE = timedelta(days=1)
"""An item that is older than this when a feed first shows it is archive: feeds reorder and extend."""


@dataclass(frozen=True)
class FeedPolling:
    """How feeds are asked: what fetches and reads them, the least seconds between two looks at a feed.

    `edit_delivered` lets what a feed corrects be corrected in the chats too. A look waits at most `look_seconds` for
    the feeds that it began to ask: less than the second between two looks.
    """

    fetcher: Fetcher
    parsers: ParserPool
    min_interval: float
    edit_delivered: bool
    look_seconds: float = 0.8


class Lost(NamedTuple):
    """A feed's name, and how many of its items were left out at the last look because they can't be read."""

    feed: str
    items: int


class FeedPoller:
    """Asks the feeds that are due, at most eight at once. A slow feed holds its own place, and no other feed waits.

    `lost` has the feeds of whose items some can't be read, by the feeds' ids.
    """

    def __init__(self, db: Database, polling: FeedPolling) -> None:
        self._db = db
        self._polling = polling
        self._under_way: dict[int, asyncio.Task[bool]] = {}
        self.lost: dict[int, Lost] = {}

    async def look(self, now: datetime) -> int:
        """Begin to ask the feeds that are due, and return how many of them this process has asked to the end.

        A feed that takes longer than the look is asked on beside the next looks.
        """
        free = AT_ONCE - len(self._under_way)
        if not free:
            return 0
        async with self._db.read() as tx:
            # Those under way may be due as well, until they are claimed.
            due = await feeds.due(tx, now, AT_ONCE)
        begun = [self._begin(feed, now) for feed in due if feed.id not in self._under_way][:free]
        if not begun:
            return 0
        ended, late = await asyncio.wait(begun, timeout=self._polling.look_seconds)
        for task in late:
            task.add_done_callback(_tell)
        if errors := [error for task in ended if (error := task.exception())]:
            raise errors[0]
        return sum(task.result() for task in ended)

    async def close(self) -> None:
        """Give up what is under way: such a feed is due again when its claim is over."""
        tasks = list(self._under_way.values())
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    def _begin(self, feed: Feed, now: datetime) -> asyncio.Task[bool]:
        task = asyncio.create_task(_Poll(self._db, self._polling, feed, now, self.lost).run())
        self._under_way[feed.id] = task
        task.add_done_callback(lambda _ended: self._under_way.pop(feed.id))
        return task


@dataclass(frozen=True)
class _Poll:
    """One look at one feed."""

    db: Database
    polling: FeedPolling
    feed: Feed
    now: datetime
    lost: dict[int, Lost]

    @property
    def interval(self) -> float:
        return max(self.polling.min_interval, self.feed.interval)

    async def run(self) -> bool:
        """Ask the feed and take what it tells; False where another process asks it."""
        async with self.db.write() as tx:
            if not await feeds.claim(tx, self.feed.id, self.now, until=self.now + CLAIM):
                return False
        clock = asyncio.get_running_loop().time
        began = clock()
        try:
            source = open_source(self.feed.kind, self.feed.url, self.polling.fetcher, self.polling.parsers)
            batch = await source.fetch(self.feed.cursor)
            await self._take(batch, clock() - began)
            self._count_lost(batch.lost)
            FEED_POLLS.labels("ok").inc()
        except (FetchError, SourceError) as error:
            await self._fail(error.reason, str(error), error)
        except Exception as error:
            # One feed's trouble is never another's: what we did not foresee is recorded like the rest.
            await self._fail(UNFORESEEN, f"unforeseen: {type(error).__name__}", error)
        return True

    def _count_lost(self, count: int | None) -> None:
        if count:
            log.warning(Event("feed.letters_lost", feed=self.feed.id, items=count))
            self.lost[self.feed.id] = Lost(self.feed.name or self.feed.url, count)
        elif count is not None:
            self.lost.pop(self.feed.id, None)

    async def _fail(self, slug: str, reason: str, error: Exception) -> None:
        """Record why the feed could not be read, and wait the longer the more often that happened in a row."""
        FEED_POLLS.labels(slug).inc()
        wait = min(LONGEST_WAIT, max(self.interval, 1.0) * 2 ** min(self.feed.failures + 1, 12))
        if isinstance(error, FetchError):
            wait = max(wait, min(error.retry_after or 0.0, MOST_ASKED_FOR))
        next_at = self.now + timedelta(seconds=wait)
        async with self.db.write() as tx:
            failures = await feeds.record_failure(tx, self.feed.id, reason=reason, next_poll_at=next_at)
            if isinstance(error, FetchError) and error.gone:
                await feeds.retire(tx, [self.feed.id], self.now, "gone for good (410)")
        failed = Event("feed.failed", feed=self.feed.id, reason=reason, in_a_row=failures)
        log.warning(failed, exc_info=error if slug == UNFORESEEN else None)

    async def _take(self, batch: Batch, seconds: float) -> None:
        """Keep the items, a few in a transaction: what is to be sent waits for no whole feed.

        The feed took so many seconds to answer: the more, the longer is the wait for the next look.
        """
        async with self.db.read() as tx:
            classifier = Classifier(await topics.load(tx))
        oldest_first = list(enumerate(newest_first(batch.items)))[::-1]
        for start in range(0, len(oldest_first), ITEMS_AT_ONCE):
            for taken in await self._take_some(oldest_first[start : start + ITEMS_AT_ONCE], classifier):
                note(taken)
        wait = max(self.interval, min(LONGEST_WAIT, seconds * SHARE))
        if wait > self.interval:
            log.info(Event("feed.slow", feed=self.feed.id, seconds=seconds, again_in=wait))
        next_at = self.now + timedelta(seconds=wait)
        async with self.db.write() as tx:
            await feeds.record_success(
                tx, self.feed.id, at=self.now, next_poll_at=next_at, cursor=batch.cursor
            )

    async def _take_some(self, placed: list[tuple[int, Item]], classifier: Classifier) -> list[Taken]:
        origin = Origin(self.feed.source, self.feed.language, self.feed.name, self.feed.topics)
        async with self.db.write() as tx:
            return [
                await take(
                    tx,
                    submission(item, origin, classifier),
                    self.now,
                    handling=_handling(self.feed, item, place),
                    edit_delivered=self.polling.edit_delivered,
                )
                for place, item in placed
            ]


def _tell(late: asyncio.Task[bool]) -> None:
    """Log how a look that nobody waited for failed: not for the feed, but for the database."""
    if late.cancelled():
        return
    match late.exception():
        case None:
            return
        case Exception() as error:
            log.error(Outage("feed.not_kept", reason=why(error)))


def _handling(feed: Feed, item: Item, place: int) -> Handling:
    """Return what becomes of an item, if it is new; `place` counts from the feed's newest item, which is 0."""
    if feed.first_polled_at is None:
        if place >= feed.backfill:
            return Handling.ARCHIVE
    elif item.published is not None and item.published < feed.first_polled_at - LATE:
        return Handling.ARCHIVE
    return Handling.RELEASE if feed.publish == "auto" else Handling.DRAFT
