"""The threads of chats: which there are, what comes into each, and what becomes of a closed or deleted one."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

from sqlalchemy import case, delete, func, literal, select, update

from bot.model.delivery import Delivery, State, SubjectKind
from bot.model.following.mode import Mode
from bot.model.places.thread import GENERAL, NAME_CHARACTERS, PER_SECTION, Thread, Whereabouts, closed
from bot.store.engine.database import Transaction
from bot.store.engine.upsert import upsert
from bot.store.newsroom.tables import article_topic
from bot.store.tables.audience import chat, subscription
from bot.store.tables.ledger import delivery
from bot.store.tables.places import thread
from bot.store.tables.watch import followed_story, word_alert

MOST = 200
"""How many threads of one chat are known by name."""

_OPEN = (State.WAITING, State.CLAIMED)
_COLUMNS = ("thread_id", "digest_thread", "flash_thread")


async def of_chat(tx: Transaction, chat_id: int) -> dict[int, Thread]:
    """Return the threads that are known of a chat, by their numbers."""
    found = select(thread).where(thread.c.chat_id == chat_id).order_by(thread.c.thread_id)
    rows = await tx.execute(found)
    return {row.thread_id: Thread(row.thread_id, row.name, row.topic_id) for row in rows}


async def note(
    tx: Transaction, chat_id: int, thread_id: int, name: str, *, topic_id: int | None = None
) -> None:
    """Keep a thread, and its name where one is known; of a chat with too many threads no further one."""
    count = select(func.count()).select_from(thread).where(thread.c.chat_id == chat_id)
    known = select(thread.c.name).where(thread.c.chat_id == chat_id, thread.c.thread_id == thread_id)
    before = (await tx.execute(known)).scalar_one_or_none()
    if before is None and (await tx.execute(count)).scalar_one() >= MOST:
        return
    named = name[:NAME_CHARACTERS] or before or ""
    values = {"chat_id": chat_id, "thread_id": thread_id, "name": named, "topic_id": topic_id}
    changed = {"name": named} | ({"topic_id": topic_id} if topic_id is not None else {})
    new = upsert(tx, thread).values(values)
    await tx.execute(new.on_conflict_do_update(index_elements=["chat_id", "thread_id"], set_=changed))


async def forget(tx: Transaction, chat_id: int, thread_id: int | None = None) -> None:
    """Forget a thread of a chat, or all of them."""
    where = [thread.c.chat_id == chat_id]
    if thread_id is not None:
        where.append(thread.c.thread_id == thread_id)
    await tx.execute(delete(thread).where(*where))


async def whereabouts(tx: Transaction, chat_id: int) -> Whereabouts:
    """Return where a chat's news comes."""
    columns = [chat.c[name] for name in _COLUMNS]
    usual, digests, flash = (await tx.execute(select(*columns).where(chat.c.id == chat_id))).one()
    chosen = select(subscription.c.topic_id, subscription.c.thread_id)
    followed = (subscription.c.chat_id == chat_id, subscription.c.mode != Mode.OFF)
    rows = await tx.execute(chosen.where(*followed))
    topics: dict[int, int | None] = {row.topic_id: row.thread_id for row in rows}
    return Whereabouts(usual, digests, flash, topics, await of_chat(tx, chat_id))


async def move(tx: Transaction, chat_id: int, topic_id: int, thread_id: int | None) -> None:
    """Let a topic that the chat follows come into another thread."""
    where = (subscription.c.chat_id == chat_id, subscription.c.topic_id == topic_id)
    await tx.execute(update(subscription).where(*where).values(thread_id=thread_id))


async def carry(
    tx: Transaction, chat_id: int, topic_ids: Collection[int], thread_id: int, *, at: datetime
) -> None:
    """Let what waits for a closed thread, and is of these topics, go into that one."""
    stories = select(article_topic.c.article_id).where(article_topic.c.topic_id.in_(topic_ids))
    held = (delivery.c.chat_id == chat_id, delivery.c.state == State.WAITING, delivery.c.thread_id < 0)
    of_topics = (delivery.c.kind == SubjectKind.ARTICLE, delivery.c.subject_id.in_(stories))
    going = {"thread_id": None if thread_id == GENERAL else thread_id, "due_at": at}
    await tx.execute(update(delivery).where(*held, *of_topics).values(going))


async def close(tx: Transaction, chat_id: int, thread_id: int | None) -> bool:
    """Let what goes into a thread (None: General) wait from now on; return whether that was not so before."""
    number = thread_id or GENERAL
    changed = await _renumber(tx, chat_id, number, closed(number))
    if number == GENERAL:
        bare = (chat.c.id == chat_id, chat.c.thread_id.is_(None))
        values = {"thread_id": closed(GENERAL)}
        changed = bool((await tx.execute(update(chat).where(*bare).values(values))).rowcount) or changed
    going = delivery.c.thread_id.is_(None) if number == GENERAL else delivery.c.thread_id == number
    waits = (delivery.c.chat_id == chat_id, delivery.c.state.in_(_OPEN), going)
    await tx.execute(update(delivery).where(*waits).values(thread_id=closed(number)))
    return changed


async def reopen(tx: Transaction, chat_id: int, thread_id: int | None, *, at: datetime) -> bool:
    """Let what waited for a closed thread (None: General) go there; return whether it was closed."""
    number = thread_id or GENERAL
    if not await _renumber(tx, chat_id, closed(number), number):
        return False
    held = (delivery.c.chat_id == chat_id, delivery.c.thread_id == closed(number))
    going = {"thread_id": None if number == GENERAL else number}
    # PostgreSQL, and SQLite's type, take a bare parameter in a CASE for text.
    now = literal(at, delivery.c.due_at.type)
    due = case((delivery.c.state == State.WAITING, now), else_=delivery.c.due_at)
    await tx.execute(update(delivery).where(*held).values(**going, due_at=due))
    return True


async def lose(tx: Transaction, chat_id: int, thread_id: int) -> None:
    """Forget a deleted thread: what went there goes to General, or into a new thread of its section."""
    await forget(tx, chat_id, thread_id)
    for table, column, names in (
        (chat, chat.c.id, _COLUMNS),
        (subscription, subscription.c.chat_id, ("thread_id",)),
        (delivery, delivery.c.chat_id, ("thread_id",)),
        (word_alert, word_alert.c.chat_id, ("thread_id",)),
        (followed_story, followed_story.c.chat_id, ("thread_id",)),
    ):
        for name in names:
            where = (column == chat_id, table.c[name].in_((thread_id, closed(thread_id))))
            await tx.execute(update(table).where(*where).values({name: None}))
    per_section = select(chat.c.id).where(chat.c.id == chat_id, chat.c.thread_id == PER_SECTION)
    waits = (delivery.c.chat_id.in_(per_section), delivery.c.state.in_(_OPEN))
    nowhere = (*waits, delivery.c.thread_id.is_(None))
    await tx.execute(update(delivery).where(*nowhere).values(thread_id=PER_SECTION))


async def settle(tx: Transaction, one: Delivery, thread_id: int | None) -> None:
    """Note in which thread a delivery that goes by its section stands: what replies to it goes there too."""
    kind, subject_id = one.subject
    of_it = (delivery.c.bot_id == one.bot_id, delivery.c.kind == kind, delivery.c.subject_id == subject_id)
    there = update(delivery).where(*of_it, delivery.c.chat_id == one.chat_id)
    await tx.execute(there.values(thread_id=thread_id))


async def one_stream(tx: Transaction, chat_id: int) -> None:
    """Let everything come without a thread again, also what waits."""
    await forget(tx, chat_id)
    values = dict.fromkeys(_COLUMNS)
    await tx.execute(update(chat).where(chat.c.id == chat_id).values(values))
    waits = (delivery.c.chat_id == chat_id, delivery.c.state.in_(_OPEN), delivery.c.thread_id.is_not(None))
    await tx.execute(update(delivery).where(*waits).values(thread_id=None))


async def move_all(tx: Transaction, source: int, target: int) -> None:
    """Give the threads of one chat to another that has none."""
    for each in (await of_chat(tx, source)).values():
        await note(tx, target, each.id, each.name, topic_id=each.topic_id)
    await forget(tx, source)


async def _renumber(tx: Transaction, chat_id: int, old: int, new: int) -> bool:
    """Put another number where something comes into a thread; return whether anything did."""
    found = False
    for table, column, names in (
        (chat, chat.c.id, _COLUMNS),
        (subscription, subscription.c.chat_id, ("thread_id",)),
        (word_alert, word_alert.c.chat_id, ("thread_id",)),
        (followed_story, followed_story.c.chat_id, ("thread_id",)),
    ):
        for name in names:
            # The usual General is no number at all.
            kept = None if name == "thread_id" and table is chat and new == GENERAL else new
            where = (column == chat_id, table.c[name] == old)
            found = (
                bool((await tx.execute(update(table).where(*where).values({name: kept}))).rowcount) or found
            )
    return found
