"""From the wire into the archive: readers search in Russian and English, and find no longer what was taken back."""

from __future__ import annotations

from bot.desk.amend import kill
from bot.readers import latest
from tests.journeys.newsroom.conftest import Newsroom
from tests.support.messages import Message, labels, plain

ANNA, BORIS, JAMES, OWNER = 21, 22, 23, 11


async def told(newsroom: Newsroom) -> None:
    """Let the feed bring stories in two languages, and wait until they are out."""
    await newsroom.follow(ANNA, "Экономика")
    await newsroom.follow(JAMES, "Economy")
    await newsroom.tick()
    newsroom.wire.put("1", "Мост открыт", "Делегация Кыргызстана проехала по мосту первой.")
    newsroom.wire.put("2", "Порт открыт", "Первые суда вошли в порт, мосты разведены.")
    newsroom.wire.put("3", "Bridges are closed", "The bridges over the river were closed in the morning.")
    await newsroom.answer(ANNA, "Мост открыт")
    await newsroom.answer(ANNA, "Порт открыт")
    await newsroom.answer(JAMES, "Bridges are closed")


async def searched(newsroom: Newsroom, user: int, words: str, head: str) -> Message:
    """Search for the words, and return the page with that head, whatever else comes meanwhile."""
    newsroom.send(user, f"/search {words}")
    return await newsroom.answer(user, head)


async def test_a_reader_searches_in_russian(newsroom: Newsroom) -> None:
    await told(newsroom)
    page = await searched(newsroom, ANNA, "киргизия", "Поиск: киргизия")
    assert "Кыргызстана" in plain(page)
    assert "Порт" not in plain(page)
    page = await searched(newsroom, ANNA, "мосты #экономика за неделю", "Поиск: мосты")
    assert {"Мост открыт", "Порт открыт"} <= {line[3:] for line in plain(page).splitlines()}
    await newsroom.press(ANNA, page, "Сначала заголовки")
    page = await newsroom.changed(page, "Сначала новые")
    assert plain(page).index("Мост открыт") < plain(page).index("Порт открыт")
    await newsroom.press(ANNA, page, "1")
    page = await newsroom.changed(page, "К списку")
    await newsroom.press(ANNA, page, "К списку")
    await newsroom.changed(page, "Порт открыт")
    nothing = await searched(newsroom, ANNA, "bridges", "Поиск: bridges")
    await newsroom.press(ANNA, nothing, "На всех языках")
    await newsroom.changed(nothing, "Bridges are closed")


async def test_a_reader_searches_in_english(newsroom: Newsroom) -> None:
    await told(newsroom)
    asked = await searched(newsroom, JAMES, "", "Answer this message")
    newsroom.send(JAMES, "“bridge over” since yesterday", reply_to=asked["message_id"])
    page = await newsroom.answer(JAMES, "Search: “bridge over”")
    assert "Nothing found" not in plain(page)
    assert "Bridges are closed" in plain(page)
    assert "Since" in plain(page)
    await newsroom.press(JAMES, page, "Narrow down")
    page = await newsroom.changed(page, "Last week")
    await newsroom.press(JAMES, page, "World")
    page = await newsroom.changed(page, "Nothing found")
    assert labels(page) == ["On all topics", "🔔 Watch for these words"]


async def test_what_was_taken_back_is_found_no_more_also_after_a_restart(newsroom: Newsroom) -> None:
    await told(newsroom)
    page = await searched(newsroom, BORIS, "порт", "Поиск: порт")
    assert "Порт открыт" in plain(page)
    (port,) = [
        each.id
        for each in (await latest.newest(newsroom.db, None, None, 9)).articles
        if each.content.headline == "Порт открыт"
    ]
    await kill(newsroom.db, port, newsroom.clock.now())
    assert "Ничего не нашлось" in plain(await searched(newsroom, BORIS, "порта", "Поиск: порта"))
    await newsroom.restart()
    assert "Ничего не нашлось" in plain(await searched(newsroom, BORIS, "портам", "Поиск: портам"))
    assert "Мост открыт" in plain(await searched(newsroom, BORIS, "мост", "Поиск: мост"))
