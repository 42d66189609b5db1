"""A push meets closed threads: that thread's news waits, all other news goes out, and nothing is tried for ever."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest

from bot.model.chat import ChatKind
from bot.model.delivery import State
from bot.readers.places import threads as verbs
from bot.store.audience.places import threads
from tests.support.engine import Engine
from tests.support.transactions import writes

OLGA = 11


async def forum(engine: Engine) -> tuple[int, int]:
    """Let a forum follow the topic in General; return its number at Telegram and ours."""
    engine.sandbox.add_user("Ольга", id=OLGA)
    made = engine.sandbox.add_chat(
        "supergroup", title="Редакция", creator=OLGA, members=[700700], is_forum=True
    )["id"]

    @writes
    async def join(tx: Any) -> int:
        return await engine.join(tx, made, ChatKind.SUPERGROUP)

    return made, await join(engine.db)


async def held(engine: Engine, chat_id: int) -> int:
    """Return how many deliveries of a chat wait for a closed thread."""
    rows = [row for row in await engine.rows() if row.chat_id == chat_id and row.state == State.WAITING]
    return sum((row.thread_id or 0) < 0 for row in rows)


@pytest.mark.parametrize("general", [True, False])
async def test_a_closed_thread_stops_nobody_elses_news_and_is_tried_once(
    engine: Engine, general: bool
) -> None:
    made, ours = await forum(engine)
    readers = await engine.readers(3)
    thread = 1
    if not general:
        thread = engine.sandbox.add_thread(made, "Экономика")
        await writes(threads.note)(engine.db, ours, thread, "Экономика")
        await writes(threads.move)(engine.db, ours, engine.topic, thread)
    engine.sandbox.change_thread(made, thread, closed=True)
    await engine.start()
    for number in (1, 2):
        await engine.publish(f"Мост {number}")
    await engine.eventually(lambda: all(engine.count(each, "Мост") == 2 for each in readers))

    async with asyncio.timeout(60):
        while await held(engine, ours) < 2:
            await asyncio.sleep(0.02)
    refused = [each for each in engine.sandbox.calls() if each["status"] == 400]
    assert {each["description"] for each in refused} == {"Bad Request: TOPIC_CLOSED"}
    # A story that was being planned just then may be tried too, once.
    assert len(refused) <= 2
    engine.sandbox.change_thread(made, thread, closed=False)
    await verbs.reopened(engine.db, ours, None if general else thread, engine.clock.now())
    engine.ring()
    await engine.eventually(lambda: engine.count(made, "Мост") == 2)
    await engine.stop()
