"""The straight path: follow, an item comes in, the right chats get it, once."""

from __future__ import annotations

from datetime import timedelta

from tests.journeys.newsroom.conftest import Newsroom

ANNA, BORIS, JAMES, OWNER, EDITOR = 21, 22, 23, 11, 12


async def ready(newsroom: Newsroom) -> None:
    """Wait until what the feed tells is news."""
    await newsroom.first_look()


async def test_an_item_reaches_those_who_follow_its_topic_once(newsroom: Newsroom) -> None:
    await newsroom.follow(ANNA, "Экономика")
    await newsroom.follow(BORIS, "Мир")
    await ready(newsroom)
    newsroom.wire.put("1", "Мост открыт", "Движение пущено утром.", "Деньги")
    await newsroom.answer(ANNA, "Мост открыт")
    await newsroom.tick()
    assert sum("Мост открыт" in text for text in newsroom.texts(ANNA)) == 1
    assert not any("Мост открыт" in text for text in newsroom.texts(BORIS))


async def test_who_follows_a_topic_gets_what_is_below_it_until_it_is_muted(newsroom: Newsroom) -> None:
    await newsroom.follow(ANNA, "Мир")
    await ready(newsroom)
    newsroom.wire.put("1", "Порт расширен", "Работы закончены.", "asia")
    await newsroom.answer(ANNA, "Порт расширен")
    await newsroom.press_newest(ANNA, "Меньше такого")
    asked = await newsroom.answer(ANNA, "Что больше не присылать")
    await newsroom.press(ANNA, asked, "Тема: Азия")
    asked = await newsroom.changed(asked, "Навсегда")
    answer = await newsroom.press(ANNA, asked, "Навсегда")
    assert "Азия" in answer["text"]
    newsroom.wire.put("2", "Порт открыт", "Первые суда вошли.", "asia")
    newsroom.wire.put("3", "Новости мира", "Коротко.", "world")
    await newsroom.answer(ANNA, "Новости мира")
    assert not any("Порт открыт" in text for text in newsroom.texts(ANNA))


async def test_a_changed_item_is_edited_where_it_was_delivered(newsroom: Newsroom) -> None:
    await newsroom.follow(ANNA, "Экономика")
    await ready(newsroom)
    newsroom.wire.put("1", "Мост открыт", "Движение пущено утром.")
    await newsroom.answer(ANNA, "пущено утром")
    newsroom.wire.put("1", "Мост открыт", "Движение пущено вечером.")
    await newsroom.answer(ANNA, "пущено вечером")
    assert sum("Мост открыт" in text for text in newsroom.texts(ANNA)) == 1


async def test_the_latest_are_listed_and_open_in_place(newsroom: Newsroom) -> None:
    newsroom.send(ANNA, "/latest")
    await newsroom.answer(ANNA, "Пока новостей нет")
    await newsroom.follow(ANNA, "Экономика")
    await ready(newsroom)
    newsroom.wire.put("1", "Мост открыт", "Движение пущено утром.")
    await newsroom.answer(ANNA, "Мост открыт")
    newsroom.send(ANNA, "/latest экономика 3")
    await newsroom.answer(ANNA, "Последнее: Экономика")
    await newsroom.press_newest(ANNA, "1")
    await newsroom.until(lambda: not any("Последнее: Экономика" in text for text in newsroom.texts(ANNA)))
    await newsroom.press_newest(ANNA, "К списку")
    await newsroom.answer(ANNA, "Последнее: Экономика")


async def test_a_reader_who_stops_is_left_alone(newsroom: Newsroom) -> None:
    await newsroom.follow(ANNA, "Экономика")
    await newsroom.follow(BORIS, "Экономика")
    newsroom.send(ANNA, "/stop")
    await newsroom.press_newest(ANNA, "Да, остановить")
    await newsroom.answer(ANNA, "удалены")
    await ready(newsroom)
    newsroom.wire.put("1", "Мост открыт", "Движение пущено утром.")
    await newsroom.answer(BORIS, "Мост открыт")
    assert not any("Мост открыт" in text for text in newsroom.texts(ANNA))


async def test_a_digest_comes_at_the_chats_hour(newsroom: Newsroom) -> None:
    await newsroom.follow(ANNA, "Экономика")
    newsroom.send(ANNA, "/settings")
    await newsroom.press_newest(ANNA, "Присылать сразу: да")
    await newsroom.press_newest(ANNA, "Дайджест")
    await newsroom.press_newest(ANNA, "09:00")
    await newsroom.follow(BORIS, "Экономика")
    await ready(newsroom)
    newsroom.wire.put("1", "Мост открыт", "Движение пущено утром.")
    await newsroom.answer(BORIS, "Мост открыт")
    newsroom.clock.advance(timedelta(hours=23, minutes=59))
    await newsroom.tick()
    assert "Дайджест ·" in (await newsroom.answer(ANNA, "Мост открыт"))["text"]


async def test_an_english_reader_is_spoken_to_in_english(newsroom: Newsroom) -> None:
    newsroom.send(JAMES, "/start")
    await newsroom.answer(JAMES, "Choose your topics below")
    newsroom.send(JAMES, "what is this")
    await newsroom.answer(JAMES, "I didn’t understand")
