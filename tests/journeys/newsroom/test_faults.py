"""A story from the wire to the readers while Telegram and the network misbehave, as the fault console has it."""

from __future__ import annotations

import asyncio
from typing import Any

import aiohttp
import pytest
from sqlalchemy import func, select

from bot.desk import amend
from bot.outbox.failures import retry
from bot.store.newsroom.tables import article
from tests.journeys.newsroom.conftest import Newsroom

OWNER, ANNA, BORIS, JAMES = 11, 21, 22, 23
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


async def break_things(newsroom: Newsroom, method: str, **match: Any) -> None:
    """Let calls of a method go wrong in every way, over the console's own HTTP."""
    async with aiohttp.ClientSession() as web:
        for fault in FAULTS:
            body = fault | {"match": {"method": method} | match}
            async with web.post(f"{newsroom.sandbox.url}/sandbox/faults", json=body) as answer:
                assert answer.status == 200, await answer.text()


def count(newsroom: Newsroom, reader: int, words: str) -> int:
    return sum(words in text for text in newsroom.texts(reader))


async def test_a_story_its_correction_and_its_kill_survive_everything_that_goes_wrong(
    newsroom: Newsroom, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(retry, "FIRST_WAIT", 0.05)
    for reader, topic in ((ANNA, "Экономика"), (BORIS, "Экономика"), (JAMES, "Economy")):
        await newsroom.follow(reader, topic)
    await newsroom.first_look()
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


@pytest.mark.parametrize(
    ("language", "words"),
    [
        ("ru", "Часть новостей ленты пропущена — вместо букв в них нечитаемые знаки"),
        ("en", "Some items of a feed were left out, because their letters can’t be read"),
    ],
    ids=["ru", "en"],
)
async def test_an_owner_is_told_how_many_items_of_which_feed_lost_their_letters(
    newsroom: Newsroom, language: str, words: str
) -> None:
    settings = await newsroom.say(OWNER, "/settings")
    await newsroom.forge(OWNER, settings, f"set:0:language:{language}")
    for uid in ("1", "2", "3"):
        newsroom.wire.put(uid, f"Новость {uid}", "Движение пущено утром.")
    for uid in ("8", "9"):
        newsroom.wire.put(uid, "\ufffd" * 7, "\ufffd" * 5)
    async with asyncio.timeout(60):
        while not (told := [text for text in newsroom.texts(OWNER) if text.startswith(f"⚠️ {words}")]):
            await newsroom.tick()
            await asyncio.sleep(0.05)
    assert len(told) == 1
    assert told[0].endswith(": Вестник Долины (2)")
