"""News in a reader's own languages, from a feed in Russian that brings English stories too."""

from __future__ import annotations

from tests.journeys.newsroom.conftest import Newsroom

ANNA, BORIS, JAMES, OWNER = 21, 22, 23, 11
BRIDGE = ("Мост открыт", "Движение через реку пущено утром.")
RATES = ("Bank leaves its key rate as it is", "The bank has left the rate at six percent for the third time.")


async def told(newsroom: Newsroom) -> None:
    """Let the feed bring a story in each language, and wait until both are known."""
    await newsroom.first_look()
    newsroom.wire.put("1", *BRIDGE)
    newsroom.wire.put("2", *RATES)


async def test_each_reads_their_own_language_and_may_take_another_to_it(newsroom: Newsroom) -> None:
    await newsroom.follow(OWNER, "Экономика")
    await newsroom.follow(ANNA, "Экономика")
    newsroom.send(OWNER, "/settings")
    await newsroom.press_newest(OWNER, "Языки новостей")
    await newsroom.press_newest(OWNER, "Все языки")
    await told(newsroom)
    await newsroom.answer(OWNER, "key rate")
    await newsroom.follow(JAMES, "Economy")
    newsroom.send(JAMES, "/latest")
    await newsroom.answer(JAMES, "key rate")
    newsroom.wire.put("3", "Порт открыт", "Первые суда вошли в порт.")
    newsroom.wire.put("4", "Budget is passed", "The budget was passed by the council after a long day.")
    await newsroom.answer(ANNA, "Порт открыт")
    await newsroom.answer(JAMES, "Budget is passed")
    newsroom.send(JAMES, "/settings")
    await newsroom.press_newest(JAMES, "News languages")
    await newsroom.press_newest(JAMES, "Русский")
    await newsroom.answer(JAMES, "In which languages")
    newsroom.send(JAMES, "/latest")
    await newsroom.answer(JAMES, "Порт открыт")
    assert not any("Budget" in text or "key rate" in text for text in newsroom.texts(ANNA))


async def test_a_flash_in_english_is_for_its_readers_until_the_editor_widens_it(newsroom: Newsroom) -> None:
    await newsroom.follow(OWNER, "Экономика")
    await told(newsroom)
    await newsroom.answer(OWNER, "Мост открыт")
    await newsroom.follow(ANNA, "Экономика")
    newsroom.send(JAMES, "/start")
    await newsroom.answer(JAMES, "Hello")
    newsroom.send(OWNER, "/breaking The port is closed until the morning")
    control = await newsroom.answer(OWNER, "Кому: всем")
    assert "English\u00a0— 1" in control["text"]
    await newsroom.press_newest(OWNER, "Отправить: 1")
    await newsroom.press_newest(OWNER, "Да, отправить")
    await newsroom.answer(JAMES, "port is closed")
    await newsroom.answer(OWNER, "Готово")
    newsroom.send(OWNER, "/breaking Порт снова открыт для всех судов")
    await newsroom.press_newest(OWNER, "▫️ English")
    await newsroom.press_newest(OWNER, "Отправить: 3")
    await newsroom.press_newest(OWNER, "Да, отправить")
    await newsroom.answer(ANNA, "снова открыт")
    await newsroom.answer(JAMES, "снова открыт")
    assert not any("port is closed" in text for text in newsroom.texts(ANNA))
