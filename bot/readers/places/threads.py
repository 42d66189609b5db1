"""Into which thread what comes: in a forum topic by topic, in a private chat by section or in one stream."""

from __future__ import annotations

from datetime import datetime

from bot.model.chat import Chat, ChatKind
from bot.model.errors import Refusal
from bot.model.following.mode import WIRE, Mode, nearest
from bot.model.places.notice import ChatTrouble
from bot.model.places.thread import GENERAL, PER_SECTION, Whereabouts
from bot.model.story.topic import Topic
from bot.store.audience import chats, choices, subscriptions
from bot.store.audience.places import notices, threads
from bot.store.engine.database import Database, Transaction
from bot.store.following import carried
from bot.store.newsroom import topics

DIGEST, FLASH = "digest", "flash"
"""What comes into a thread beside topics."""


async def whereabouts(db: Database, chat_id: int) -> Whereabouts:
    """Return where a chat's news comes."""
    async with db.read() as tx:
        return await threads.whereabouts(tx, chat_id)


async def note(db: Database, chat_id: int, thread_id: int, name: str) -> None:
    """Keep the name of a thread of a forum."""
    async with db.write() as tx:
        await threads.note(tx, chat_id, thread_id, name)


async def note_name(db: Database, chat_id: int, thread_id: int, name: str) -> None:
    """Keep the new name of a thread that is known."""
    async with db.write() as tx:
        if thread_id in await threads.of_chat(tx, chat_id):
            await threads.note(tx, chat_id, thread_id, name)


async def settle_first(db: Database, here: Chat, thread_id: int | None, at: datetime) -> Chat:
    """Let a group's news come where topics were asked for first; what comes where later is chosen topic by topic."""
    if here.kind is ChatKind.PRIVATE or thread_id is None or here.thread_id is not None:
        return here
    async with db.write() as tx:
        await chats.hold(tx, here.id)
        if await subscriptions.of_chat(tx, here.id):
            return here
        return await choices.change(tx, here.id, at, thread_id=thread_id)


def spoken_in(here: Chat, thread_id: int | None) -> int | None:
    """Return what is kept as the thread of what is chosen in that thread (None: in General)."""
    if here.kind is ChatKind.PRIVATE:
        return None
    return thread_id if thread_id is not None or here.thread_id is None else GENERAL


async def bring(
    db: Database, here: Chat, topic_id: int, *, thread_id: int | None, at: datetime
) -> Topic | None:
    """Let a topic that comes into another thread of a group come into this one (None: General).

    Return the topic; None where it comes here already, or nowhere.
    """
    if here.kind is ChatKind.PRIVATE:
        return None
    async with db.write() as tx:
        await chats.hold(tx, here.id)
        known, there = await carried.topics_of(tx, here.id), await threads.whereabouts(tx, here.id)
        if topic_id not in known.by_id or not there.forum:
            return None
        chosen = await subscriptions.of_chat(tx, here.id)
        chain = known.chain(topic_id)
        if nearest(chain, {each: one.mode for each, one in chosen.items()}) is Mode.OFF:
            return None
        decides = next(each for each in (*chain, WIRE) if each in chosen)
        if there.of_topic(decides) == (thread_id or GENERAL):
            return None
        await _move(tx, here.id, topic_id, thread_id or GENERAL, at=at)
        return known.by_id[topic_id]


async def move(db: Database, chat_id: int, what: str | int, thread_id: int, *, at: datetime) -> None:
    """Let a topic (its id), digests or breaking news come into a thread that is known; 0: where the rest comes.

    Refused for a topic that the chat does not follow by its own choice, and for another thread.
    """
    async with db.write() as tx:
        await chats.hold(tx, chat_id)
        there = await threads.whereabouts(tx, chat_id)
        if thread_id not in (0, GENERAL) and thread_id not in there.threads:
            raise Refusal("stale")
        if what in (DIGEST, FLASH):
            thread = {f"{what}_thread": thread_id or None}
            await choices.change(tx, chat_id, at, **thread)  # type: ignore[arg-type]
        elif isinstance(what, int) and what in there.topics and thread_id:
            await _move(tx, chat_id, what, thread_id, at=at)
        else:
            raise Refusal("stale")


async def reopened(db: Database, chat_id: int, thread_id: int | None, at: datetime) -> None:
    """Let what waited for a closed thread (None: General) go there."""
    async with db.write() as tx:
        if await threads.reopen(tx, chat_id, thread_id, at=at):
            number = thread_id or GENERAL
            await notices.end(tx, chat_id, ChatTrouble.THREAD_CLOSED, at=at, thread_id=number)


async def per_section(db: Database, chat_id: int, at: datetime) -> Chat:
    """Let each section come into a thread of its own in a private chat; the first story of a section opens it."""
    async with db.write() as tx:
        known = await chats.expect(tx, chat_id)
        if not known.private:
            raise Refusal("private-only")
        return await choices.change(tx, chat_id, at, thread_id=PER_SECTION)


async def one_stream(db: Database, chat_id: int) -> Chat:
    """Let everything come as one stream again in a private chat."""
    async with db.write() as tx:
        known = await chats.expect(tx, chat_id)
        if not known.private:
            raise Refusal("private-only")
        await threads.one_stream(tx, chat_id)
        return await chats.expect(tx, chat_id)


async def _move(tx: Transaction, chat_id: int, topic_id: int, thread_id: int, *, at: datetime) -> None:
    chosen = await subscriptions.of_chat(tx, chat_id)
    if topic_id in chosen:
        await threads.move(tx, chat_id, topic_id, thread_id)
    else:
        await subscriptions.subscribe(tx, chat_id, topic_id, at, thread_id=thread_id)
    known = await topics.load(tx)
    await threads.carry(tx, chat_id, known.below(topic_id), thread_id, at=at)
