"""Feeds: added, renamed, put under other topics, paused, removed; and how each is doing."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from urllib.parse import urlsplit

from bot.model.errors import Refusal
from bot.model.newsroom.sources import LANGUAGE, LONGEST_NAME, PUBLISH, web_address
from bot.model.story.difference import Change
from bot.store.desk import sources
from bot.store.engine.database import Database, Transaction
from bot.store.newsroom import audit, feeds, topics
from bot.store.newsroom.feeds import Feed

ORIGIN, KIND = "desk", "feed"
GONE = "gone for good"
"""Begins why a feed was retired whose address answered HTTP 410."""


@dataclass(frozen=True, slots=True)
class FeedState:
    """A feed in use, how many stories it brought in the last day, and how many of its edits are held."""

    feed: Feed
    today: int
    held: int


async def listing(db: Database, at: datetime) -> list[FeedState]:
    """Return the feeds in use, in the order of their making."""
    async with db.read() as tx:
        today, held = await sources.figures(tx, at), await sources.held(tx)
        found = await feeds.all_in_use(tx)
        return [FeedState(each, today.get(each.source, 0), held.get(each.source, 0)) for each in found]


async def gone(db: Database) -> list[Feed]:
    """Return the feeds whose sites said that they are gone for good: nobody removed them, and they are not asked."""
    async with db.read() as tx:
        every = await feeds.every(tx)
    retired = [each for each in every if each.retired_at is not None and each.removed_at is None]
    return [each for each in retired if each.last_error is not None and each.last_error.startswith(GONE)]


async def find(db: Database, feed_id: int, at: datetime) -> FeedState:
    """Return a feed in use. Refused where there is none of that number, or somebody removed it."""
    found = next((each for each in await listing(db, at) if each.feed.id == feed_id), None)
    if found is None:
        async with db.read() as tx:
            raise await _gone(tx, feed_id)
    return found


async def by_words(db: Database, words: str, at: datetime) -> FeedState:
    """Return the feed in use that the words mean: its number, address or name. Refused where they mean none."""
    said = words.strip().casefold()
    for each in await listing(db, at):
        if said in (str(each.feed.id), each.feed.url.casefold(), each.feed.name.casefold()):
            return each
    raise Refusal("no-feed")


async def add(
    db: Database,
    url: str,
    *,
    at: datetime,
    by: int | None,
    publish: str = "auto",
    name: str = "",
    topics_of: Sequence[str] = (),
    language: str = "",
    backfill: int = 0,
) -> Feed:
    """Add the feed at an address; it is asked at once. `topics_of` are slugs, without a name it has its host's.

    What the feed has now is archive, but for the `backfill` newest stories. A feed that was removed comes back with
    its history. Refused for what is no address, and where the feed is in use.
    """
    address = web_address(url)
    _need_choices(publish, language)
    async with db.write(durable=True) as tx:
        for each in await feeds.all_in_use(tx):
            if each.url == address:
                raise Refusal("feed-there", by=each.changed_by)
        slugs = await _need_topics(tx, topics_of)
        called = _name(name) if name else (urlsplit(address).hostname or address).removeprefix("www.")
        feed_id = await feeds.put(
            tx,
            address,
            kind=KIND,
            name=called,
            topics=slugs,
            language=language,
            publish=publish,
            backfill=backfill,
            interval=0,
            origin=ORIGIN,
            at=at,
        )
        await sources.revive_feed(tx, feed_id, by)
        await audit.add(tx, at, by, "add-feed", detail=_shown(called, address))
        return await _get(tx, feed_id)


async def rename(
    db: Database, feed_id: int, name: str, *, at: datetime, by: int | None, seen: int | None = None
) -> Feed:
    """Call a feed otherwise; its next stories name it so."""
    called = _name(name)
    async with db.write(durable=True) as tx:
        before = await _get(tx, feed_id)
        _need_seen(before, seen)
        if before.name == called:
            raise Refusal("unchanged")
        await _change(tx, before, by, name=called)
        renamed = [Change("name", before.name, called)]
        await audit.add(tx, at, by, "change-feed", detail=_shown(before.name, before.url), changes=renamed)
        return await _get(tx, feed_id)


async def choose_topics(
    db: Database,
    feed_id: int,
    slugs: Sequence[str],
    *,
    at: datetime,
    by: int | None,
    seen: int | None = None,
) -> Feed:
    """Put a feed's stories that choose no topic by themselves under those topics."""
    async with db.write(durable=True) as tx:
        before = await _get(tx, feed_id)
        _need_seen(before, seen)
        wanted = await _need_topics(tx, slugs)
        await _change(tx, before, by, topics=list(wanted))
        was, now = ", ".join(before.topics), ", ".join(wanted)
        changes = [Change("feed-topics", was, now)]
        await audit.add(tx, at, by, "change-feed", detail=_shown(before.name, before.url), changes=changes)
        return await _get(tx, feed_id)


async def choose_publish(
    db: Database, feed_id: int, publish: str, *, at: datetime, by: int | None, seen: int | None = None
) -> Feed:
    """Publish a feed's next stories at once (`auto`), or keep them for an editor (`draft`)."""
    _need_choices(publish, "")
    async with db.write(durable=True) as tx:
        before = await _get(tx, feed_id)
        _need_seen(before, seen)
        if before.publish == publish:
            raise Refusal("unchanged")
        await _change(tx, before, by, publish=publish)
        changes = [Change("publish", before.publish, publish)]
        await audit.add(tx, at, by, "change-feed", detail=_shown(before.name, before.url), changes=changes)
        return await _get(tx, feed_id)


async def pause(db: Database, feed_id: int, *, at: datetime, by: int | None, seen: int | None = None) -> Feed:
    """Ask a feed no more until it is resumed."""
    async with db.write(durable=True) as tx:
        before = await _get(tx, feed_id)
        _need_seen(before, seen)
        if before.paused_at is not None:
            raise Refusal("already-paused")
        await _change(tx, before, by, paused_at=at)
        await audit.add(tx, at, by, "pause-feed", detail=_shown(before.name, before.url))
        return await _get(tx, feed_id)


async def resume(
    db: Database, feed_id: int, *, at: datetime, by: int | None, seen: int | None = None
) -> Feed:
    """Ask a feed again, at once."""
    async with db.write(durable=True) as tx:
        before = await _get(tx, feed_id)
        _need_seen(before, seen)
        if before.paused_at is None:
            raise Refusal("not-paused")
        await _change(tx, before, by, paused_at=None, next_poll_at=at, failures=0, last_error=None)
        await audit.add(tx, at, by, "resume-feed", detail=_shown(before.name, before.url))
        return await _get(tx, feed_id)


async def remove(
    db: Database, feed_id: int, *, at: datetime, by: int | None, seen: int | None = None
) -> Feed:
    """Ask a feed no more, and take it from the list; its stories stay with readers."""
    async with db.write(durable=True) as tx:
        before = await _get(tx, feed_id)
        _need_seen(before, seen)
        await _change(tx, before, by, retired_at=at, removed_at=at, paused_at=None)
        await audit.add(tx, at, by, "remove-feed", detail=_shown(before.name, before.url))
        return before


async def _get(tx: Transaction, feed_id: int) -> Feed:
    found = next((each for each in await feeds.all_in_use(tx) if each.id == feed_id), None)
    if found is None:
        raise await _gone(tx, feed_id)
    return found


async def _gone(tx: Transaction, feed_id: int) -> Refusal:
    """Return why there is no such feed in use, with who removed it, where somebody did."""
    removed = next((each for each in await feeds.every(tx) if each.id == feed_id and each.removed_at), None)
    return Refusal("source-removed", by=removed.changed_by) if removed else Refusal("no-feed")


def _need_seen(feed: Feed, seen: int | None) -> None:
    """Refuse what was pressed for an earlier version: somebody was faster, whatever they did."""
    if seen is not None and seen != feed.version:
        raise Refusal("source-changed", by=feed.changed_by)


async def _change(tx: Transaction, feed: Feed, by: int | None, **values: Any) -> None:
    if not await sources.change_feed(tx, feed.id, feed.version, by, **values):
        raise Refusal("source-changed", by=feed.changed_by)


async def _need_topics(tx: Transaction, slugs: Sequence[str]) -> tuple[str, ...]:
    known = {each.slug for each in (await topics.load(tx)).all}
    if not known.issuperset(slugs):
        raise Refusal("no-topic")
    return tuple(dict.fromkeys(slugs))


def _need_choices(publish: str, language: str) -> None:
    if publish not in PUBLISH or (language and not LANGUAGE.fullmatch(language)):
        raise Refusal("stale")


def _name(words: str) -> str:
    name = " ".join(words.split())
    if not 0 < len(name) <= LONGEST_NAME:
        raise Refusal("no-feed-name")
    return name


def _shown(name: str, url: str) -> str:
    """Return a feed as the record names it: without what may be a secret in its address."""
    host = urlsplit(url).hostname or ""
    return name if name == host else f"{name} ({host})" if host else name
