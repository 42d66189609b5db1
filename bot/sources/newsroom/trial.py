"""Tries an address as a feed: one look by the real fetcher and parser, within their bounds. Nothing is kept."""

from __future__ import annotations

import asyncio
import logging
from collections import Counter

from bot.log import Event
from bot.model.newsroom.trial import NEWEST, FeedTrial, TrialItem
from bot.sources.classify import Classifier
from bot.sources.fetch.fetcher import Fetcher, FetchError
from bot.sources.item import SourceError, newest_first
from bot.sources.parser_pool import ParserPool
from bot.sources.registry import FEED, open_source
from bot.sources.source import Batch
from bot.sources.submission import Origin, Submission, submission
from bot.store.engine.database import Database
from bot.store.newsroom import feeds, topics
from bot.store.newsroom.feeds import Feed

log = logging.getLogger(__name__)

AT_ONCE = 2
"""So many addresses are tried at a time: a trial has a fetcher and a parser of its own."""


class FeedTrials:
    """Tries addresses; with `allow_private` also those on this machine and in its network."""

    def __init__(self, db: Database, *, allow_private: bool = False) -> None:
        self._db = db
        self._allow_private = allow_private
        self._room = asyncio.Semaphore(AT_ONCE)

    async def look(self, url: str) -> FeedTrial:
        """Return what the address tells now, and what would become of it; what goes wrong is told as a fault."""
        async with self._room:
            try:
                batch = await self._fetch(url)
            except (FetchError, SourceError) as error:
                return FeedTrial(url, fault=error.reason, detail=error.detail)
            except Exception:
                log.exception(Event("trial.failed"))
                return FeedTrial(url, fault="unforeseen")
            return await self._told(url, batch)

    async def _fetch(self, url: str) -> Batch:
        async with Fetcher(allow_private=self._allow_private) as fetcher, ParserPool() as parsers:
            return await open_source(FEED, url, fetcher, parsers).fetch({})

    async def _told(self, url: str, batch: Batch) -> FeedTrial:
        async with self._db.read() as tx:
            known = next((each for each in await feeds.all_in_use(tx) if each.url == url), None)
            classifier = Classifier(await topics.load(tx))
        origin = _origin(known)
        found = [submission(item, origin, classifier) for item in newest_first(batch.items)]
        return FeedTrial(
            url,
            items=tuple(map(_item, found[:NEWEST])),
            count=len(found),
            lost=batch.lost or 0,
            undated=sum(each.published is None for each in found),
            untopical=sum(not each.topic_ids for each in found),
            languages=dict(Counter(each.content.language for each in found).most_common()),
            known=known.id if known else None,
        )


def _origin(known: Feed | None) -> Origin:
    if known is None:
        return Origin("trial", "")
    return Origin(known.source, known.language, known.name, known.topics)


def _item(found: Submission) -> TrialItem:
    content = found.content
    return TrialItem(content.headline, content.language, found.published, found.topic_ids)
