"""Threads on both databases: what is closed waits, what is deleted gives way, General has no number in a call."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from sqlalchemy import select

from bot.model.chat import ChatKind
from bot.model.delivery import State
from bot.model.places.thread import GENERAL, PER_SECTION
from bot.readers.places import threads as verbs
from bot.store.audience.places import threads
from bot.store.ledger import deliveries
from bot.store.tables.audience import chat, subscription
from bot.store.tables.ledger import delivery
from tests.support.readers import BOT, ECONOMY, WORLD, Newsroom
from tests.support.transactions import writes

MONEY, PLANET = 12, 13


async def forum(newsroom: Newsroom) -> int:
    """Let a forum have the economy in one thread and the world in General; return our number of it."""
    here = await newsroom.join(-1005, kind=ChatKind.SUPERGROUP)
    for number, name in ((MONEY, "Деньги"), (PLANET, "Планета")):
        await verbs.note(newsroom.db, here.id, number, name)
    async with newsroom.db.write() as tx:
        for topic_id, thread in ((ECONOMY, MONEY), (WORLD, None)):
            row = {"topic_id": topic_id, "chat_id": here.id, "thread_id": thread, "since": newsroom.now}
            await tx.execute(subscription.insert().values(row))
    return here.id


async def waits(newsroom: Newsroom, chat_id: int, subject_id: int, thread: int | None) -> None:
    """Let a story wait for the chat in a thread."""
    key = {"bot_id": BOT, "kind": 1, "subject_id": subject_id, "chat_id": chat_id}
    values = {"lane": 4, "wanted": 1, "due_at": newsroom.now, "thread_id": thread}
    async with newsroom.db.write() as tx:
        await tx.execute(delivery.insert().values(**key, **values))


async def waiting(newsroom: Newsroom) -> dict[int, Any]:
    """Return in which thread each story waits."""
    async with newsroom.db.read() as tx:
        rows = await tx.execute(select(delivery).where(delivery.c.state == State.WAITING))
        return {row.subject_id: row.thread_id for row in rows}


async def test_a_closed_thread_holds_what_waits_and_gives_it_back(newsroom: Newsroom) -> None:
    here = await forum(newsroom)
    await waits(newsroom, here, 1, MONEY)
    await waits(newsroom, here, 2, None)
    assert await writes(threads.close)(newsroom.db, here, MONEY)
    assert not await writes(threads.close)(newsroom.db, here, MONEY)
    assert await waiting(newsroom) == {1: -MONEY, 2: None}
    there = await verbs.whereabouts(newsroom.db, here)
    assert (there.of_topic(ECONOMY), there.of_topic(WORLD)) == (-MONEY, GENERAL)
    later = newsroom.now + timedelta(hours=1)
    await verbs.reopened(newsroom.db, here, MONEY, later)
    assert await waiting(newsroom) == {1: MONEY, 2: None}
    async with newsroom.db.read() as tx:
        due = {row.subject_id: row.due_at for row in await tx.execute(select(delivery))}
    assert due == {1: later, 2: newsroom.now}


async def test_general_is_closed_and_opened_like_any_other(newsroom: Newsroom) -> None:
    here = await forum(newsroom)
    await waits(newsroom, here, 2, None)
    assert await writes(threads.close)(newsroom.db, here, None)
    assert await waiting(newsroom) == {2: -GENERAL}
    there = await verbs.whereabouts(newsroom.db, here)
    assert (there.of_topic(ECONOMY), there.of_topic(WORLD)) == (MONEY, -GENERAL)
    await verbs.reopened(newsroom.db, here, None, newsroom.now)
    assert await waiting(newsroom) == {2: None}
    assert (await verbs.whereabouts(newsroom.db, here)).of_topic(WORLD) == GENERAL


async def test_what_is_held_goes_where_its_topic_is_moved(newsroom: Newsroom) -> None:
    here = await forum(newsroom)
    story = await newsroom.story("Мост", ECONOMY)
    await waits(newsroom, here, story, MONEY)
    await waits(newsroom, here, 99, MONEY)
    await writes(threads.close)(newsroom.db, here, MONEY)
    await verbs.move(newsroom.db, here, ECONOMY, PLANET, at=newsroom.now)
    assert await waiting(newsroom) == {story: PLANET, 99: -MONEY}


async def test_a_deleted_thread_of_a_section_is_opened_anew_for_what_waits(newsroom: Newsroom) -> None:
    anna = await newsroom.join(21, ECONOMY)
    await verbs.per_section(newsroom.db, anna.id, newsroom.now)
    await writes(threads.note)(newsroom.db, anna.id, MONEY, "Экономика", topic_id=ECONOMY)
    await waits(newsroom, anna.id, 1, MONEY)
    await writes(threads.lose)(newsroom.db, anna.id, MONEY)
    assert await waiting(newsroom) == {1: PER_SECTION}
    await verbs.one_stream(newsroom.db, anna.id)
    assert await waiting(newsroom) == {1: None}
    async with newsroom.db.read() as tx:
        assert await threads.of_chat(tx, anna.id) == {}


async def test_digests_come_into_their_own_thread(newsroom: Newsroom) -> None:
    here = await forum(newsroom)
    for thread, found in ((PLANET, PLANET), (GENERAL, None)):
        await verbs.move(newsroom.db, here, "digest", thread, at=newsroom.now)
        async with newsroom.db.read() as tx:
            asked = select(deliveries.DIGEST_THREAD).where(chat.c.id == here)
            assert (await tx.execute(asked)).scalar_one() == found


async def test_a_stranger_can_not_fill_the_table(newsroom: Newsroom) -> None:
    here = await forum(newsroom)
    for number in range(100, 100 + threads.MOST + 20):
        await verbs.note(newsroom.db, here, number, "x" * 500)
    async with newsroom.db.read() as tx:
        known = await threads.of_chat(tx, here)
    assert len(known) == threads.MOST
    assert max(len(each.name) for each in known.values()) == 128
