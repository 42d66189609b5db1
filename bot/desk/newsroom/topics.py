"""Topics: added, renamed, merged, paused."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from bot.model.errors import Refusal
from bot.model.newsroom.sources import slug_of
from bot.model.story.difference import Change
from bot.model.story.topic import Topic, Topics
from bot.store.audience import subscriptions
from bot.store.desk import merge as merges
from bot.store.desk import sources
from bot.store.engine.database import Database, Transaction
from bot.store.newsroom import audit, topics

ORIGIN = "desk"


async def followers(db: Database, bot_id: int) -> dict[int, int]:
    """Return how many chats of a bot chose each topic itself, by the topic's id."""
    async with db.read() as tx:
        return await subscriptions.followers(tx, bot_id)


async def merger(db: Database, topic_id: int) -> int | None:
    """Return who let a topic become part of another; None for a topic in use, a command, and where nobody did."""
    async with db.read() as tx:
        return await sources.merger_of_topic(tx, topic_id)


async def add(
    db: Database,
    names: Mapping[str, str],
    *,
    at: datetime,
    by: int | None,
    slug: str = "",
    parent_id: int | None = None,
) -> Topic:
    """Add a topic at the end of the order; without a slug, one is made of the name.

    A retired topic of that slug comes back with its history. Refused where another topic has one of the words already.
    """
    async with db.write(durable=True) as tx:
        return await add_held(tx, names, at=at, by=by, slug=slug, parent_id=parent_id)


async def add_held(
    tx: Transaction,
    names: Mapping[str, str],
    *,
    at: datetime,
    by: int | None,
    slug: str = "",
    parent_id: int | None = None,
) -> Topic:
    """Add a topic within a transaction, as `add` does."""
    known = await topics.load(tx)
    if parent_id is not None and parent_id not in known.by_id:
        raise Refusal("no-topic")
    made = slug or _free(slug_of(dict(names)), known)
    _need_free((made, *names.values()), known)
    topic_id = await topics.put(
        tx, made, names, parent_id=parent_id, position=await sources.last_position(tx) + 1, origin=ORIGIN
    )
    await sources.revive_topic(tx, topic_id, by)
    await audit.add(tx, at, by, "add-topic", detail=made, changes=_renamed({}, names))
    return (await topics.load(tx)).by_id[topic_id]


async def rename(
    db: Database,
    topic_id: int,
    names: Mapping[str, str],
    *,
    at: datetime,
    by: int | None,
    seen: int | None = None,
) -> Topic:
    """Call a topic otherwise in the languages named; sources may go on calling it by its old names."""
    async with db.write(durable=True) as tx:
        known = await topics.load(tx)
        before = await _of(tx, known, topic_id)
        await _need_seen(tx, before, seen)
        after = {**before.names, **names}
        if after == dict(before.names):
            raise Refusal("unchanged")
        _need_free(names.values(), known, but=topic_id)
        old = [name for language, name in before.names.items() if name != after[language]]
        aliases = list(dict.fromkeys((*before.aliases, *old)))
        await _change(tx, before, by, names=after, aliases=aliases)
        changes = _renamed(before.names, after)
        await audit.add(tx, at, by, "rename-topic", detail=before.slug, changes=changes)
        return (await topics.load(tx)).by_id[topic_id]


async def merge(
    db: Database, topic_id: int, into: int, *, at: datetime, by: int | None, seen: int | None = None
) -> Topic:
    """Let a topic become part of another, and return that one.

    Subscriptions, stories, rights, feeds and the topics below move; the old slug and names lead to the other.
    """
    async with db.write(durable=True) as tx:
        known = await topics.load(tx)
        source, target = await _of(tx, known, topic_id), await _of(tx, known, into)
        if source.id == target.id:
            raise Refusal("same-topic")
        await _need_seen(tx, source, seen)
        await _change(tx, source, by)
        words = (*target.aliases, source.slug, *source.names.values(), *source.aliases)
        own = {target.slug, *target.names.values()}
        values: dict[str, Any] = {
            "aliases": list(dict.fromkeys(each for each in words if each not in own)),
            "keywords": list(dict.fromkeys((*target.keywords, *source.keywords))),
        }
        if source.id in known.chain(target.id):
            values["parent_id"] = source.parent_id
        await _change(tx, target, by, **values)
        await merges.move(tx, source.id, target.id)
        await merges.rename_in_feeds(tx, source.slug, target.slug)
        await merges.end(tx, source.id, target.id, at)
        await audit.add(tx, at, by, "merge-topics", detail=f"{source.slug} → {target.slug}")
        return (await topics.load(tx)).by_id[into]


async def pause(
    db: Database, topic_id: int, *, at: datetime, by: int | None, seen: int | None = None
) -> Topic:
    """Offer a topic to nobody and push nothing by it; who follows it goes on following it."""
    return await _set_pause(db, topic_id, at, by, seen=seen, paused=True)


async def resume(
    db: Database, topic_id: int, *, at: datetime, by: int | None, seen: int | None = None
) -> Topic:
    """Offer a topic again; what came in meanwhile is not pushed any more."""
    return await _set_pause(db, topic_id, at, by, seen=seen, paused=False)


async def _set_pause(
    db: Database, topic_id: int, at: datetime, by: int | None, *, seen: int | None, paused: bool
) -> Topic:
    async with db.write(durable=True) as tx:
        before = await _of(tx, await topics.load(tx), topic_id)
        await _need_seen(tx, before, seen)
        if before.paused is paused:
            raise Refusal("already-paused" if paused else "not-paused")
        await _change(tx, before, by, paused_at=at if paused else None)
        if paused:
            await audit.add(tx, at, by, "pause-topic", detail=before.slug)
        else:
            await audit.add(tx, at, by, "resume-topic", detail=before.slug)
        return (await topics.load(tx)).by_id[topic_id]


async def _need_seen(tx: Transaction, topic: Topic, seen: int | None) -> None:
    """Refuse what was pressed for an earlier version: somebody was faster, whatever they did."""
    if seen is not None and seen != topic.version:
        raise Refusal("source-changed", by=await sources.changer_of_topic(tx, topic.id))


async def _change(tx: Transaction, topic: Topic, by: int | None, **values: Any) -> None:
    if not await sources.change_topic(tx, topic.id, topic.version, by, **values):
        raise Refusal("source-changed", by=await sources.changer_of_topic(tx, topic.id))


async def _of(tx: Transaction, known: Topics, topic_id: int) -> Topic:
    if topic_id not in known.by_id:
        merged_by = await sources.merger_of_topic(tx, topic_id)
        raise Refusal("source-removed", by=merged_by) if merged_by else Refusal("no-topic")
    return known.by_id[topic_id]


def _need_free(words: Iterable[str], known: Topics, but: int | None = None) -> None:
    """Refuse words that mean another topic already."""
    for word in words:
        for other in known.all:
            said = (other.slug, *other.names.values(), *other.aliases)
            if other.id != but and word.casefold() in (each.casefold() for each in said):
                raise Refusal("topic-there", word=word, slug=other.slug)


def _free(slug: str, known: Topics) -> str:
    """Return the slug, or one like it that no topic has."""
    taken = {word.casefold() for each in known.all for word in (each.slug, *each.aliases)}
    usual = slug or "topic"
    tries = (usual, *(f"{usual[:37]}-{number}" for number in range(2, 99)))
    return next(each for each in tries if each not in taken)


def _renamed(before: Mapping[str, str], after: Mapping[str, str]) -> list[Change]:
    return [
        Change("name", before.get(each, ""), f"{name} ({each})")
        for each, name in after.items()
        if before.get(each) != name
    ]
