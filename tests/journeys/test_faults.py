"""A story from the wire to the readers while Telegram and the network misbehave, as the fault console has it."""

from __future__ import annotations

from typing import Any

import aiohttp
import pytest
from sqlalchemy import func, select

from bot.desk import amend
from bot.outbox import retry
from bot.store.tables import article

ANNA, BORIS, JAMES = 21, 22, 23
READERS = (ANNA, BORIS, JAMES)
FAULTS: list[dict[str, Any]] = [
    {"kind": "500"},
    {"kind": "502"},
    {"kind": "reset_before"},
    {"kind": "slow", "seconds": 0.3},
    {"kind": "hang", "seconds": 0.3},
    {"kind": "429", "retry_after": 1, "scope": "chat"},
    {"kind": "429", "retry_after": 1, "scope": "global"},
]


async def break_things(newsroom: Any, method: str, **match: Any) -> None:
    """Let calls of a method go wrong in every way, over the console's own HTTP."""
    async with aiohttp.ClientSession() as web:
        for fault in FAULTS:
            body = fault | {"match": {"method": method} | match}
            async with web.post(f"{newsroom.sandbox.url}/sandbox/faults", json=body) as answer:
                assert answer.status == 200, await answer.text()


def count(newsroom: Any, reader: int, words: str) -> int:
    return sum(words in text for text in newsroom.texts(reader))


async def test_a_story_its_correction_and_its_kill_survive_everything_that_goes_wrong(
    newsroom: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(retry, "FIRST_WAIT", 0.05)
    for reader, topic in ((ANNA, "Экономика"), (BORIS, "Экономика"), (JAMES, "Economy")):
        await newsroom.follow(reader, topic)
    await newsroom.tick()
    await break_things(newsroom, "sendMessage", text_contains="Мост")
    newsroom.wire.put("1", "Мост открыт", "Движение пущено утром.")
    for reader in READERS:
        await newsroom.answer(reader, "Мост открыт")
    await break_things(newsroom, "editMessageText", text_contains="Мост")
    newsroom.wire.put("1", "Мост закрыт", "Движение остановлено.")
    for reader in READERS:
        await newsroom.answer(reader, "Мост закрыт")
    assert [count(newsroom, reader, "Мост") for reader in READERS] == [1, 1, 1]
    await break_things(newsroom, "deleteMessage")
    async with newsroom.db.reader.connect() as tx:
        story = (await tx.execute(select(func.max(article.c.id)))).scalar_one()
    await amend.kill(newsroom.db, story, newsroom.clock.now())
    await newsroom.until(lambda: not any(count(newsroom, reader, "Мост") for reader in READERS))
