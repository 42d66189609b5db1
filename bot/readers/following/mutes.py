"""What a chat has muted: a topic or a source, until tomorrow, for a week, for good."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from urllib.parse import urlsplit

from bot.model.errors import Refusal
from bot.model.following.mute import MOST, Mute, MuteKind, MuteSpan, MuteTarget, feed_of
from bot.model.story.topic import Topic, Topics
from bot.readers.stories import expect
from bot.readers.topics import meant
from bot.stemming import folded, stems
from bot.store.audience import chats
from bot.store.engine.database import Database, Transaction
from bot.store.following import mutes
from bot.store.following.mutes import FeedName
from bot.store.newsroom import topics


@dataclass(frozen=True, slots=True)
class Muteable:
    """What can be muted: a topic, or a source by its name."""

    target: MuteTarget
    topic: Topic | None = None
    source: str = ""

    def name(self, language: str) -> str:
        """Return what a reader knows it by."""
        return self.topic.name(language) if self.topic else self.source


@dataclass(frozen=True, slots=True)
class Muted:
    """What a chat has muted, and until when (UTC; None: for good)."""

    what: Muteable
    until: datetime | None


async def mute(db: Database, chat_id: int, target: MuteTarget, at: datetime, *, span: MuteSpan) -> Muted:
    """Keep a topic with all below it, or a source, from the chat for that long.

    What the chat chose stays, and counts again when the mute is over. Refused where there is no such topic or source,
    and where the chat has muted as much as it may.
    """
    async with db.write() as tx:
        await chats.hold(tx, chat_id)
        what = await _expect(tx, target)
        here = await chats.expect(tx, chat_id)
        now_muted = await mutes.of_chat(tx, chat_id, at)
        if len(now_muted) >= MOST and target not in [each.target for each in now_muted]:
            raise Refusal("mutes-full", most=MOST)
        until = span.end(at, here.zone)
        await mutes.keep(tx, chat_id, target, at, until=until)
        return Muted(what, until)


async def unmute(db: Database, chat_id: int, target: MuteTarget) -> Muteable:
    """Let a topic or a source come again, whoever asks twice too. Refused where there is no such thing."""
    async with db.write() as tx:
        what = await _expect(tx, target)
        await mutes.lift(tx, chat_id, target)
        return what


async def listing(db: Database, chat_id: int, now: datetime) -> list[Muted]:
    """Return what the chat has muted now, the newest first."""
    async with db.read() as tx:
        kept = await mutes.of_chat(tx, chat_id, now)
        return named(kept, await topics.load(tx), await _feeds_of(tx, kept))


async def every_mute(tx: Transaction, chat_id: int, known: Topics) -> list[Muted]:
    """Return all mutes that are kept of the chat, those whose time is over included."""
    kept = await mutes.of_chat(tx, chat_id, None)
    return named(kept, known, await _feeds_of(tx, kept))


async def of_story(db: Database, article_id: int) -> list[Muteable]:
    """Return what can be muted because of a story: its topics, then its source. Refused where nothing can be."""
    async with db.read() as tx:
        story, known = await expect(tx, article_id), await topics.load(tx)
        found = [_topic(known.by_id[at]) for at in story.topic_ids if at in known.by_id]
        feed_id = feed_of(story.source)
        feeds = await mutes.feed_names(tx, [feed_id]) if feed_id is not None else []
        found += [_source(each) for each in feeds]
        if not found:
            raise Refusal("nothing-to-mute")
        return found


async def find(db: Database, target: MuteTarget) -> Muteable:
    """Return what a target names. Refused where there is no such topic or source."""
    async with db.read() as tx:
        return await _expect(tx, target)


async def called(db: Database, words: str) -> Muteable | None:
    """Return the topic or the source that a person means by these words, in any inflection; None where none is."""
    async with db.read() as tx:
        known = await topics.load(tx)
        if exact := known.find(words):
            return _topic(exact)
        feeds = await mutes.feed_names(tx)
    said, stemmed = folded(words.strip()), stems(words)
    for each in feeds:
        if stemmed and (said in (folded(each.name), _host(each)) or stemmed == stems(each.name)):
            return _source(each)
    topic = meant(known, words)
    return _topic(topic) if topic else None


def named(kept: Sequence[Mute], known: Topics, feeds: Sequence[FeedName]) -> list[Muted]:
    """Return mutes with what they are of; those of what is no longer there are left out."""
    sources = {each.id: _source(each) for each in feeds}
    found = []
    for each in kept:
        topic = known.by_id.get(each.target.id)
        is_topic = each.target.kind is MuteKind.TOPIC
        what = (_topic(topic) if topic else None) if is_topic else sources.get(each.target.id)
        if what is not None:
            found.append(Muted(what, each.until))
    return found


async def _feeds_of(tx: Transaction, kept: Sequence[Mute]) -> list[FeedName]:
    ids = [each.target.id for each in kept if each.target.kind is MuteKind.FEED]
    return await mutes.feed_names(tx, ids) if ids else []


async def _expect(tx: Transaction, target: MuteTarget) -> Muteable:
    if target.kind is MuteKind.TOPIC:
        topic = (await topics.load(tx)).by_id.get(target.id)
        if topic is None:
            raise Refusal("no-topic")
        return _topic(topic)
    for each in await mutes.feed_names(tx, [target.id]):
        return _source(each)
    raise Refusal("no-source")


def _topic(topic: Topic) -> Muteable:
    return Muteable(MuteTarget(MuteKind.TOPIC, topic.id), topic=topic)


def _source(feed: FeedName) -> Muteable:
    return Muteable(MuteTarget(MuteKind.FEED, feed.id), source=feed.name or _host(feed))


def _host(feed: FeedName) -> str:
    return (urlsplit(feed.url).hostname or feed.url).removeprefix("www.")
