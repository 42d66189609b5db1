"""/settings: how stories look, when they come; in private, in groups, and for channels from their manager's chat."""

from __future__ import annotations

from datetime import time
from typing import Any

import pytest

from bot.readers import topics
from tests.conversations.conftest import BOT, data_of, labels, text_of

ANNA, BORIS, JAMES = 21, 22, 23
WORLD, ASIA, ECONOMY = 1, 2, 3
CHOSEN = "✅"


async def opened(room: Any, user: int, label: str, words: str) -> dict[str, Any]:
    """Open /settings and one of its pages."""
    page = await room.say(user, "/settings")
    await room.press(user, page, label)
    return await room.changed(page, words)


async def test_a_form_is_chosen_shown_in_place_and_by_a_sample(room) -> None:
    await room.story("Мост открыт", ASIA)
    page = await opened(room, ANNA, "Вид новостей", "Как показывать")
    assert f"{CHOSEN} Как у редакции: Кратко" in labels(page)
    for label in ("Статья", "Полный текст", "Кратко", "Заголовок"):
        assert f"{label} — " in text_of(page), "each is explained in a line"
    await room.press(ANNA, page, "Заголовок")
    page = await room.changed(page, f"{CHOSEN} Заголовок")
    sample = await room.seen(ANNA, "Мост открыт")
    assert labels(sample) == ["Убрать пример"]
    assert (await room.chat(ANNA)).form == "headline"
    await room.press(ANNA, sample, "Убрать пример")
    await room.until(lambda: len(room.shown(ANNA)) == 1)
    await room.press(ANNA, room.again(page), "Как у редакции")
    await room.changed(page, f"{CHOSEN} Как у редакции")
    assert (await room.chat(ANNA)).form is None
    await room.press(ANNA, room.again(page), "Назад")
    assert "Вид новостей: Кратко, с картинками" in text_of(await room.changed(page, "Настройки"))


async def test_the_sample_of_articles_is_one_or_a_text_where_telegram_refuses_it(room) -> None:
    await room.story("Мост открыт", ASIA, photo=True)
    page = await opened(room, ANNA, "Вид новостей", "Как показывать")
    await room.press(ANNA, page, "Статья")
    await room.until(lambda: any("<h1>Мост" in str(each.get("rich_message")) for each in room.shown(ANNA)))
    refused = "Bad Request: can't parse rich message: RICH_MESSAGE_INVALID"
    room.sandbox.fault(
        "error", match={"method": "sendRichMessage"}, times=None, code=400, description=refused
    )
    await room.press(ANNA, page, "Статья")
    await room.seen(ANNA, "Мост открыт")


async def test_pictures_are_turned_off_and_on(room) -> None:
    page = await opened(room, ANNA, "Вид новостей", "Картинки: да")
    await room.press(ANNA, page, "Картинки")
    page = await room.changed(page, "Картинки: нет")
    assert (await room.chat(ANNA)).pictures is False
    await room.press(ANNA, page, "Картинки")
    await room.changed(page, "Картинки: да")
    assert (await room.chat(ANNA)).pictures is True


async def test_quiet_hours_are_chosen_from_and_to_and_given_up(room) -> None:
    page = await opened(room, ANNA, "Тихие часы", "С которого часа")
    await room.press(ANNA, page, "23:00")
    page = await room.changed(page, "С 23:00 до которого")
    assert "23:00" not in labels(page)
    await room.press(ANNA, page, "07:00")
    page = await room.changed(page, "Тихие часы: 23:00–07:00")
    assert (await room.chat(ANNA)).quiet == (time(23), time(7))
    await room.press(ANNA, page, "Тихие часы")
    page = await room.changed(page, f"{CHOSEN} 23:00")
    await room.press(ANNA, page, "Без тихих часов")
    await room.changed(page, "Тихие часы: нет")
    assert (await room.chat(ANNA)).quiet is None


async def test_a_digest_comes_at_one_hour_or_two_and_a_third_takes_a_place(room) -> None:
    page = await opened(room, ANNA, "Дайджест", "Порядок тем")
    for hour, hours in ((9, (9,)), (18, (9, 18)), (21, (18, 21)), (18, (21,))):
        await room.press(ANNA, page, f"{hour:02}:00")
        page = await room.changed(page, ", ".join(f"{each:02}:00" for each in hours))
        await room.until(
            lambda page=page, hours=hours: (
                [each for each in labels(room.again(page)) if CHOSEN in each][:-1]
                == [f"{CHOSEN} {each:02}:00" for each in hours]
            )
        )
        page = room.again(page)
        here = await room.chat(ANNA)
        assert here.digest_at == tuple(map(time, hours))
        assert here.digest_due is not None
    await room.press(ANNA, page, "Без дайджеста")
    await room.changed(page, f"{CHOSEN} Без дайджеста")
    assert (await room.chat(ANNA)).digest_due is None


async def test_a_digests_size_and_its_silence_are_chosen(room) -> None:
    page = await opened(room, ANNA, "Дайджест", f"{CHOSEN} по 5")
    await room.press(ANNA, page, "по 10")
    page = await room.changed(page, f"{CHOSEN} по 10")
    await room.press(ANNA, page, "Нет нового: молчать")
    await room.changed(page, "Нет нового: сообщать")
    here = await room.chat(ANNA)
    assert (here.digest_size, here.digest_empty) == (10, True)


async def test_topics_are_put_into_an_order_of_ones_own(room) -> None:
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


async def test_language_and_zone_are_marked_where_they_are_chosen(room) -> None:
    page = await opened(room, ANNA, "Язык", f"{CHOSEN} Русский")
    await room.press(ANNA, page, "English")
    page = await room.changed(page, "Settings")
    await room.press(ANNA, page, "Time zone")
    page = await room.changed(page, f"{CHOSEN} Europe/Moscow")
    await room.press(ANNA, page, "Asia/Bishkek")
    await room.changed(page, "Time zone: Asia/Bishkek")


async def test_an_unknown_zone_is_refused_in_words(room) -> None:
    assert "Asia/Bishkek" in text_of(await room.say(ANNA, "/zone Mars/Base"))
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
async def test_a_forged_choice_is_refused_and_changes_nothing(room, data: str) -> None:
    page = await room.say(ANNA, "/settings")
    before = await room.chat(ANNA)
    answer = await room.forge(ANNA, page, data)
    assert answer["text"]
    assert await room.chat(ANNA) == before


async def test_only_a_groups_administrators_choose_for_it(room) -> None:
    members = [BORIS, BOT]
    group = room.sandbox.add_chat("group", title="Соседи", creator=ANNA, members=members)["id"]
    await room.seen(group, "Вестник Долины")
    page = await room.say(ANNA, "/settings", group)
    assert "администратор" in (await room.press(BORIS, page, "Вид новостей"))["text"]
    await room.press(ANNA, page, "Вид новостей")
    page = await room.changed(page, "Следующая новость придёт в выбранном виде")
    assert "администратор" in (await room.press(BORIS, page, "Статья"))["text"]
    await room.press(ANNA, page, "Статья")
    await room.changed(page, f"{CHOSEN} Статья")
    assert (await room.chat(group)).form == "rich"


async def test_whoever_promoted_the_bot_manages_a_channel_from_private(room) -> None:
    await room.say(ANNA, "/start")
    await room.say(BORIS, "/start")
    channel = room.sandbox.add_chat("channel", title="Долина", creator=ANNA, members=[BOT])["id"]
    hello = await room.seen(ANNA, "Долина")
    await room.press(ANNA, hello, "Настройки")
    page = await room.changed(hello, "Настройки · Долина")
    await room.press(ANNA, page, "Вид новостей")
    page = await room.changed(page, "Как показывать")
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
