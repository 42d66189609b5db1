"""What a chat follows, and in which mode: shown, chosen, put in order."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime, time

from bot.model.chat import topic_order
from bot.model.errors import Refusal
from bot.model.following.following import Following
from bot.model.following.mode import WIRE, Mode
from bot.model.following.mute import MuteKind, MuteTarget
from bot.model.newsroom.coverage import Coverage
from bot.model.story.topic import Topic, Topics
from bot.stemming import stems
from bot.store.audience import chats, choices, subscriptions
from bot.store.engine.database import Database, Transaction
from bot.store.following import carried, mutes
from bot.store.newsroom import topics

USUAL_HOUR = time(9)
"""When digests come to a chat that wants a topic in the digest and had chosen no hour."""


@dataclass(frozen=True, slots=True)
class Chosen:
    """What a chat chose: the topic (None: the whole wire), and when its stories come now.

    `new_hour` is the hour for digests that came with it. `muted` is the topic whose mute keeps the stories away all the
    same.
    """

    topic: Topic | None
    mode: Mode
    new_hour: time | None = None
    muted: Topic | None = None

    @property
    def followed(self) -> bool:
        """Whether it is followed now."""
        return self.mode is not Mode.OFF


async def all_topics(db: Database) -> Topics:
    """Return the topics in use."""
    async with db.read() as tx:
        return await topics.load(tx)


async def offered(db: Database, coverage: Coverage) -> Topics:
    """Return the topics in use that a bot with that coverage offers its readers."""
    return coverage.offered(await all_topics(db))


def meant(known: Topics, words: str) -> Topic | None:
    """Return the topic that a person means, however they inflect its name: `экономики`, `in the economy`.

    A slug, name or alias as it stands goes first; then one whose stems are all among the words,
    the longest of them; then a keyword.
    """
    if topic := known.find(words):
        return topic
    said = set(stems(words))
    called = [(name, each) for each in known.all for name in (each.slug, *each.names.values(), *each.aliases)]
    pointed = [(word, each) for each in known.all for word in each.keywords]
    for pairs in (called, pointed):
        found = [(len(name), each) for word, each in pairs if (name := stems(word)) and said.issuperset(name)]
        if found:
            return max(found, key=lambda pair: pair[0])[1]
    return None


async def following(db: Database, chat_id: int, now: datetime) -> Following:
    """Return what the chat follows and has muted at that time."""
    async with db.read() as tx:
        return await _following(tx, chat_id, now)


async def toggle(
    db: Database, chat_id: int, topic_id: int, at: datetime, *, thread_id: int | None = None
) -> Chosen:
    """Follow the topic (WIRE: everything), or leave it where it was followed.

    What is followed through a topic above is switched off; what was off is followed again, and what was muted is
    followed and heard of again, unless a topic above is muted. Refused where the topic is no longer in use.
    """
    async with db.write() as tx:
        before = await _held(tx, chat_id, topic_id, at)
        await _unmute(tx, chat_id, topic_id)
        if not before.follows(topic_id):
            await _follow(tx, chat_id, before, topic_id, at=at, thread_id=thread_id)
        elif before.mute_of(topic_id) is None:
            await _leave(tx, chat_id, before, topic_id, at=at)
        return await _chosen(tx, chat_id, topic_id, at)


async def follow(
    db: Database, chat_id: int, topic_id: int, at: datetime, *, thread_id: int | None = None
) -> Topic:
    """Follow the topic, or go on following it. Refused where the topic is no longer in use."""
    made = await choose(db, chat_id, topic_id, at, mode=None, thread_id=thread_id)
    assert made.topic is not None
    return made.topic


async def choose(
    db: Database,
    chat_id: int,
    topic_id: int,
    at: datetime,
    *,
    mode: Mode | None,
    thread_id: int | None = None,
) -> Chosen:
    """Follow the topic (WIRE: everything) in a mode; None: as it is followed already, else as usual.

    A chat without an hour for digests gets the usual one with its first topic in the digest. Whatever is followed is
    muted no longer. Refused where the topic is no longer in use.
    """
    async with db.write() as tx:
        before = await _held(tx, chat_id, topic_id, at)
        if mode is Mode.OFF:
            if before.follows(topic_id):
                await _leave(tx, chat_id, before, topic_id, at=at)
            return await _chosen(tx, chat_id, topic_id, at)
        await _unmute(tx, chat_id, topic_id)
        if mode is not None:
            above = await _thread_above(tx, chat_id, before, topic_id)
            thread = above if before.above(topic_id) else thread_id
            await subscriptions.set_mode(tx, chat_id, topic_id, at, mode=mode, thread_id=thread)
        elif not before.follows(topic_id):
            await _follow(tx, chat_id, before, topic_id, at=at, thread_id=thread_id)
        new_hour = None
        if mode is Mode.DIGEST and not before.digest_at:
            new_hour = USUAL_HOUR
            await choices.change(tx, chat_id, at, digest_at=(new_hour,))
        return replace(await _chosen(tx, chat_id, topic_id, at), new_hour=new_hour)


async def as_above(db: Database, chat_id: int, topic_id: int, at: datetime) -> Chosen:
    """Let the topics above decide on a topic again. Refused where the topic is no longer in use."""
    async with db.write() as tx:
        await _held(tx, chat_id, topic_id, at)
        await subscriptions.unsubscribe(tx, chat_id, topic_id)
        return await _chosen(tx, chat_id, topic_id, at)


async def menu_stands(db: Database, chat_id: int, message_id: int) -> int | None:
    """Note that the chat's topic menu stands in that message now; return in which it stood before."""
    async with db.write() as tx:
        await chats.hold(tx, chat_id)
        known = await chats.get(tx, chat_id)
        await chats.set_menu(tx, chat_id, message_id)
        return known.menu_id if known else None


async def _follow(
    tx: Transaction, chat_id: int, before: Following, topic_id: int, *, at: datetime, thread_id: int | None
) -> None:
    await subscriptions.unsubscribe(tx, chat_id, topic_id)
    if not before.above(topic_id) or thread_id is not None:
        await subscriptions.subscribe(tx, chat_id, topic_id, at, thread_id=thread_id)


async def _leave(tx: Transaction, chat_id: int, before: Following, topic_id: int, *, at: datetime) -> None:
    """Follow the topic no longer, nor those below; what was off below the whole wire alone needs no word any more."""
    if topic_id == WIRE:
        left = replace(before, chosen={at: mode for at, mode in before.chosen.items() if at != WIRE})
        idle = [at for at, mode in left.chosen.items() if mode is Mode.OFF and not left.above(at)]
        await subscriptions.unsubscribe(tx, chat_id, WIRE, *idle)
        return
    await subscriptions.unsubscribe(tx, chat_id, *before.topics.below(topic_id))
    if before.above(topic_id):
        await subscriptions.set_mode(tx, chat_id, topic_id, at, mode=Mode.OFF)


async def _thread_above(tx: Transaction, chat_id: int, before: Following, topic_id: int) -> int | None:
    """Return the forum's thread in which the topic's stories come by a topic above it."""
    decides = before.decides(topic_id)
    if decides is None:
        return None
    return (await subscriptions.of_chat(tx, chat_id))[decides].thread_id


async def _unmute(tx: Transaction, chat_id: int, topic_id: int) -> bool:
    return await mutes.lift(tx, chat_id, MuteTarget(MuteKind.TOPIC, topic_id))


async def ordered(db: Database, chat_id: int) -> list[Topic]:
    """Return the topics that the chat chose to follow, in its order."""
    async with db.read() as tx:
        known = await carried.topics_of(tx, chat_id)
        return [known.by_id[at] for at in topic_order(await subscriptions.of_chat(tx, chat_id), known)]


async def move_up(db: Database, chat_id: int, topic_id: int) -> None:
    """Move a topic up by one in the chat's order. Refused where the chat doesn't follow it."""
    async with db.write() as tx:
        order = topic_order(await subscriptions.of_chat(tx, chat_id), await carried.topics_of(tx, chat_id))
        if topic_id not in order:
            raise Refusal("no-topic")
        at = order.index(topic_id)
        order.insert(max(0, at - 1), order.pop(at))
        await subscriptions.arrange(tx, chat_id, order)


async def _held(tx: Transaction, chat_id: int, topic_id: int, now: datetime) -> Following:
    """Return what the chat follows, and keep others from changing it. Refused where the topic is not in use."""
    await chats.hold(tx, chat_id)
    found = await _following(tx, chat_id, now)
    if topic_id != WIRE and topic_id not in found.topics.by_id:
        raise Refusal("no-topic")
    return found


async def _following(tx: Transaction, chat_id: int, now: datetime) -> Following:
    here = await chats.expect(tx, chat_id)
    chosen = {at: one.mode for at, one in (await subscriptions.of_chat(tx, chat_id)).items()}
    muted = tuple(await mutes.of_chat(tx, chat_id, now))
    return Following(
        await carried.topics_of(tx, chat_id),
        chosen,
        muted,
        instant=here.instant,
        digest_at=here.digest_at,
        zone=here.zone,
        news_languages=here.news_languages,
    )


async def _chosen(tx: Transaction, chat_id: int, topic_id: int, now: datetime) -> Chosen:
    after = await _following(tx, chat_id, now)
    mute = after.mute_of(topic_id)
    muted = after.topics.by_id.get(mute.target.id) if mute else None
    return Chosen(after.topics.by_id.get(topic_id), after.mode(topic_id), muted=muted)
