"""From the wire into any chat: people share stories in Russian and English, and see what is kept about them go."""

from __future__ import annotations

from typing import Any

from tests.journeys.newsroom.conftest import Newsroom
from tests.support.messages import text_of

ANNA, BORIS, JAMES = 21, 22, 23


async def told(newsroom: Newsroom) -> None:
    """Let the feed bring a story in each of two languages, and wait until they are out."""
    newsroom.sandbox.set_inline()
    await newsroom.follow(ANNA, "Экономика")
    await newsroom.follow(JAMES, "Economy")
    await newsroom.tick()
    newsroom.wire.put("1", "Мост открыт", "Делегация Кыргызстана проехала по мосту первой.")
    newsroom.wire.put("2", "Bridges are closed", "The bridges over the river were closed in the morning.")
    await newsroom.answer(ANNA, "Мост открыт")
    await newsroom.answer(JAMES, "Bridges are closed")


async def shared(newsroom: Newsroom, user: int, words: str) -> str:
    """Type words, put the first story that is shown into a group of neighbours, and return what stands there."""
    asked = newsroom.sandbox.inline(user, words)
    await newsroom.until(lambda: newsroom.sandbox.shown(asked)["answered"])
    there = newsroom.sandbox.add_chat("group", title="Соседи", creator=user)["id"]
    first: dict[str, Any] = newsroom.sandbox.shown(asked)["results"][0]
    return text_of(newsroom.sandbox.choose(there, user, asked, first["id"]))


async def test_a_reader_shares_in_russian_sees_what_is_kept_and_stops(newsroom: Newsroom) -> None:
    await told(newsroom)
    assert "Мост открыт" in await shared(newsroom, ANNA, "киргизия")
    assert "Мост открыт" in await shared(newsroom, BORIS, "")
    newsroom.send(ANNA, "/mydata")
    await newsroom.until(lambda: newsroom.sandbox.calls(method="sendDocument"))
    newsroom.send(ANNA, "/stop")
    await newsroom.press_newest(ANNA, "Да, остановить и удалить")
    await newsroom.answer(ANNA, "удалены")
    assert "Мост открыт" in await shared(newsroom, ANNA, "мосты")


async def test_a_reader_shares_in_english_also_where_the_bot_is_a_guest(newsroom: Newsroom) -> None:
    await told(newsroom)
    assert "Bridges are closed" in await shared(newsroom, JAMES, "bridge")
    there = newsroom.sandbox.add_chat("supergroup", title="Neighbours", creator=JAMES)["id"]
    asked = newsroom.sandbox.summon(there, JAMES, "@vestnik_bot the river?")
    await newsroom.until(lambda: newsroom.sandbox.shown(asked)["answered"])
    assert "Bridges are closed" in text_of(newsroom.sandbox.messages(there)[-1])
    await newsroom.restart()
    assert "Bridges are closed" in await shared(newsroom, JAMES, "rivers")
