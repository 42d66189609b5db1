"""/settings: how stories look, when they come; in private, in groups, and for channels from their manager's chat."""

from __future__ import annotations

from datetime import time
from typing import Any

import pytest

from bot.readers import topics
from tests.support.messages import data_of, labels, text_of
from tests.support.world import BOT, World

ANNA, BORIS, JAMES = 21, 22, 23
WORLD, ASIA, ECONOMY = 1, 2, 3
CHOSEN = "✅"


async def opened(room: World, user: int, label: str, words: str) -> dict[str, Any]:
    """Open /settings and one of its pages."""
    page = await room.say(user, "/settings")
    await room.press(user, page, label)
    return await room.changed(page, words)


async def test_a_form_is_chosen_shown_in_place_and_by_a_sample(room: World) -> None:
    await room.story("Мост открыт", ASIA)
    page = await opened(room, ANNA, "Формат новостей", "В каком формате")
    assert f"{CHOSEN} По умолчанию: Кратко" in labels(page)
    for label in ("Страница", "Полный текст", "Кратко", "Заголовок"):
        assert f"{label} — " in text_of(page), "each is explained in a line"
    await room.press(ANNA, page, "Заголовок")
    page = await room.changed(page, f"{CHOSEN} Заголовок")
    sample = await room.answer(ANNA, "Мост открыт")
    assert labels(sample) == ["Убрать пример"]
    assert (await room.chat(ANNA)).form == "headline"
    await room.press(ANNA, sample, "Убрать пример")
    await room.until(lambda: len(room.shown(ANNA)) == 1)
    await room.press(ANNA, room.again(page), "По умолчанию")
    await room.changed(page, f"{CHOSEN} По умолчанию")
    assert (await room.chat(ANNA)).form is None
    await room.press(ANNA, room.again(page), "Назад")
    assert "Формат новостей: Кратко, с фото" in text_of(await room.changed(page, "Настройки"))


async def test_the_sample_of_articles_is_one_or_a_text_where_telegram_refuses_it(room: World) -> None:
    await room.story("Мост открыт", ASIA, photo=True)
    page = await opened(room, ANNA, "Формат новостей", "В каком формате")
    await room.press(ANNA, page, "Страница")
    await room.until(lambda: any("<h1>Мост" in str(each.get("rich_message")) for each in room.shown(ANNA)))
    refused = "Bad Request: can't parse rich message: RICH_MESSAGE_INVALID"
    room.sandbox.fault(
        "error", match={"method": "sendRichMessage"}, times=None, code=400, description=refused
    )
    await room.press(ANNA, page, "Страница")
    await room.answer(ANNA, "Мост открыт")


async def test_pictures_are_turned_off_and_on(room: World) -> None:
    page = await opened(room, ANNA, "Формат новостей", "Фото: да")
    await room.press(ANNA, page, "Фото")
    page = await room.changed(page, "Фото: нет")
    assert (await room.chat(ANNA)).pictures is False
    await room.press(ANNA, page, "Фото")
    await room.changed(page, "Фото: да")
    assert (await room.chat(ANNA)).pictures is True


async def test_quiet_hours_are_chosen_from_and_to_and_given_up(room: World) -> None:
    page = await opened(room, ANNA, "Тихие часы", "С какого часа")
    await room.press(ANNA, page, "23:00")
    page = await room.changed(page, "С 23:00. До какого")
    assert "23:00" not in labels(page)
    await room.press(ANNA, page, "07:00")
    page = await room.changed(page, "Тихие часы: 23:00–07:00")
    assert (await room.chat(ANNA)).quiet == (time(23), time(7))
    await room.press(ANNA, page, "Тихие часы")
    page = await room.changed(page, f"{CHOSEN} 23:00")
    await room.press(ANNA, page, "Без тихих часов")
    await room.changed(page, "Тихие часы: нет")
    assert (await room.chat(ANNA)).quiet is None


async def test_a_digests_size_and_its_silence_are_chosen(room: World) -> None:
    page = await opened(room, ANNA, "Дайджест", f"{CHOSEN} 5 на тему")
    await room.press(ANNA, page, "10 на тему")
    page = await room.changed(page, f"{CHOSEN} 10 на тему")
    await room.press(ANNA, page, "Если новостей нет: не писать")
    await room.changed(page, "Если новостей нет: сообщить")
    here = await room.chat(ANNA)
    assert (here.digest_size, here.digest_empty) == (10, True)


async def test_topics_are_put_into_an_order_of_ones_own(room: World) -> None:
    page = await room.say(ANNA, "/topics")
    await room.press(ANNA, page, "Экономика")
    await room.press(ANNA, room.again(page), "Мир")
    page = await opened(room, ANNA, "Дайджест", "Порядок тем")
    await room.press(ANNA, page, "Порядок тем")
    page = await room.changed(page, "1. Экономика")
    assert any(label.startswith("2. Мир") for label in labels(page))
    await room.press(ANNA, page, "2. Мир")
    page = await room.changed(page, "1. Мир")
    here = await room.chat(ANNA)
    assert [each.slug for each in await topics.ordered(room.db, here.id)] == ["world", "economy"]
    await room.story("Курс вырос", ECONOMY)
    await room.story("Мост открыт", ASIA)
    said = text_of(await room.say(ANNA, "/digest"))
    assert said.index("МИР") < said.index("ЭКОНОМИКА")


async def test_language_and_zone_are_marked_where_they_are_chosen(room: World) -> None:
    page = await opened(room, ANNA, "Язык", f"{CHOSEN} Русский")
    await room.press(ANNA, page, "English")
    page = await room.changed(page, "Settings")
    await room.press(ANNA, page, "Time zone")
    page = await room.changed(page, f"{CHOSEN} Moscow, ")
    await room.press(ANNA, page, "Bishkek, ")
    said = text_of(await room.changed(page, "Time zone: Bishkek (+06:00, now "))
    assert ")\nLanguage: English\n" in said, "each setting has a line of its own"


@pytest.mark.parametrize(
    ("words", "zone"),
    [
        ("Бишкек", "Asia/Bishkek"),
        ("екатеринбург", "Asia/Yekaterinburg"),
        ("New York", "America/New_York"),
        ("+6", "Etc/GMT-6"),
        ("UTC-3", "Etc/GMT+3"),
        ("МСК+2", "Etc/GMT-5"),
        ("Europe/Berlin", "Europe/Berlin"),
        ("Санкт-Петербург", "Europe/Moscow"),
    ],
)
async def test_a_zone_is_named_by_a_city_or_an_offset(room: World, words: str, zone: str) -> None:
    assert "Часовой пояс: " in text_of(await room.say(ANNA, f"/zone {words}"))
    assert (await room.chat(ANNA)).zone == zone


async def test_hours_stand_four_in_a_row_to_be_read_on_a_phone(room: World) -> None:
    page = await opened(room, ANNA, "Тихие часы", "С какого часа")
    assert {len(row) for row in page["reply_markup"]["inline_keyboard"][:6]} == {4}


async def test_an_unknown_zone_is_refused_in_words(room: World) -> None:
    assert "/zone +6" in text_of(await room.say(ANNA, "/zone Mars/Base"))
    assert (await room.chat(ANNA)).zone == "Europe/Moscow"


@pytest.mark.parametrize(
    "data",
    [
        *("set:0:form:flash", "set:0:form:<b>", "set:0:digest:24", "set:0:digest:-1", "set:0:size:500"),
        *("set:0:quiet:7:7", "set:0:quiet:7:99", "set:0:nonsense", "set:0:nonsense:on", "set:0:zone:Mars"),
        *("set:0:up:999", "set:0:instant:perhaps", "set:0:language:xx", f"set:{BORIS}:form:rich"),
        *("set:-100999:form:rich", "set:0:quiet:7:8:9"),
    ],
)
async def test_a_forged_choice_is_refused_and_changes_nothing(room: World, data: str) -> None:
    page = await room.say(ANNA, "/settings")
    before = await room.chat(ANNA)
    answer = await room.forge(ANNA, page, data)
    assert answer["text"]
    assert await room.chat(ANNA) == before


async def test_only_a_groups_administrators_choose_for_it(room: World) -> None:
    members = [BORIS, BOT]
    group = room.sandbox.add_chat("group", title="Соседи", creator=ANNA, members=members)["id"]
    await room.answer(group, "Вестник Долины")
    page = await room.say(ANNA, "/settings", group)
    assert "администратор" in (await room.press(BORIS, page, "Формат новостей"))["text"]
    await room.press(ANNA, page, "Формат новостей")
    page = await room.changed(page, "Следующая новость придёт уже так")
    assert "администратор" in (await room.press(BORIS, page, "Страница"))["text"]
    await room.press(ANNA, page, "Страница")
    await room.changed(page, f"{CHOSEN} Страница")
    assert (await room.chat(group)).form == "rich"


async def test_whoever_promoted_the_bot_manages_a_channel_from_private(room: World) -> None:
    await room.say(ANNA, "/start")
    await room.say(BORIS, "/start")
    channel = room.sandbox.add_chat("channel", title="Долина", creator=ANNA, members=[BOT])["id"]
    hello = await room.answer(ANNA, "Долина")
    await room.press(ANNA, hello, "Настройки")
    page = await room.changed(hello, "Настройки · Долина")
    await room.press(ANNA, page, "Формат новостей")
    page = await room.changed(page, "В каком формате")
    await room.press(ANNA, page, "Полный текст")
    page = await room.changed(page, f"{CHOSEN} Полный текст")
    assert (await room.chat(channel)).form == "classic"
    assert (await room.chat(ANNA)).form is None
    own = await room.say(ANNA, "/settings")
    assert data_of(own, "Долина") == f"set:{channel}"
    others = await room.say(BORIS, "/settings")
    assert data_of(others, "Долина") is None
    answer = await room.forge(BORIS, others, f"set:{channel}:form:rich")
    assert "администратор" in answer["text"]
    assert (await room.chat(channel)).form == "classic"


async def test_the_languages_of_news_are_chosen_one_or_several_or_all(room: World) -> None:
    page = await opened(room, ANNA, "Языки новостей", f"{CHOSEN} Все языки")
    await room.press(ANNA, page, "Русский")
    page = await room.changed(page, f"{CHOSEN} Русский")
    assert "Все языки" in labels(page)
    await room.press(ANNA, page, "English")
    page = await room.changed(page, f"{CHOSEN} English")
    assert (await room.chat(ANNA)).news_languages == ("ru", "en")
    await room.press(ANNA, page, "Назад")
    page = await room.changed(page, "Языки новостей: Русский, English")
    await room.press(ANNA, page, "Языки новостей")
    page = await room.changed(page, f"{CHOSEN} English")
    await room.press(ANNA, page, "Все языки")
    page = await room.changed(page, f"{CHOSEN} Все языки")
    assert (await room.chat(ANNA)).news_languages == ()
    refused = await room.forge(ANNA, page, "set:0:news:xx")
    assert "устарела" in refused["text"]


async def test_a_language_that_a_story_is_told_in_is_offered_by_its_own_name(room: World) -> None:
    await room.story("Көпүрө ачылды", ASIA, language="ky")
    page = await opened(room, JAMES, "News languages", f"{CHOSEN} All languages")
    assert labels(page)[:3] == ["Русский", "English", "Кыргызча"]
    await room.press(JAMES, page, "Кыргызча")
    await room.changed(page, f"{CHOSEN} Кыргызча")
    assert (await room.chat(JAMES)).news_languages == ("ky",)


async def test_a_group_chooses_the_languages_of_its_news(room: World) -> None:
    group = room.sandbox.add_chat("supergroup", title="Соседи", creator=ANNA, members=[BORIS, BOT])["id"]
    await room.answer(group, "Вестник Долины")
    page = await room.say(ANNA, "/settings@vestnik_bot", group)
    await room.press(ANNA, page, "Языки новостей")
    page = await room.changed(page, "На каких языках")
    await room.press(ANNA, page, "English")
    await room.changed(page, f"{CHOSEN} English")
    assert (await room.chat(group)).news_languages == ("en",)
