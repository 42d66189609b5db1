"""When news come, by the pages of /settings and by commands: digests and their days, quiet hours, limits, a pause."""

from __future__ import annotations

from datetime import time
from typing import Any

import pytest

from bot.model.hours import WORKDAYS, DigestTime
from tests.support.messages import labels, text_of
from tests.support.world import World

ANNA = 21
CHOSEN = "✅"


async def opened(room: World, user: int, label: str, words: str) -> dict[str, Any]:
    """Open /settings and one of its pages."""
    page = await room.say(user, "/settings")
    await room.press(user, page, label)
    return await room.changed(page, words)


async def test_a_digest_comes_at_up_to_six_hours(room: World) -> None:
    page = await opened(room, ANNA, "Дайджест", "Порядок тем")
    for hour, hours in ((9, (9,)), (18, (9, 18)), (21, (9, 18, 21)), (18, (9, 21))):
        await room.press(ANNA, page, f"{hour:02}:00")
        page = await room.changed(page, "ежедневно в " + ", ".join(f"{each:02}:00" for each in hours))
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
    for hour in (6, 7, 8, 10):
        await room.forge(ANNA, page, f"set:0:digest:{hour}")
    assert "Не больше 6" in (await room.forge(ANNA, page, "set:0:digest:11"))["text"]
    await room.press(ANNA, room.again(page), "Без дайджеста")
    await room.changed(page, f"{CHOSEN} Без дайджеста")
    assert (await room.chat(ANNA)).digest_due is None


async def test_each_digest_has_its_days(room: World) -> None:
    page = await opened(room, ANNA, "Дайджест", "Порядок тем")
    await room.press(ANNA, page, "09:00")
    page = await room.changed(page, "09:00 · ежедневно")
    await room.press(ANNA, page, "09:00 · ежедневно")
    page = await room.changed(page, "По каким дням?")
    await room.press(ANNA, page, "Пн–пт")
    page = await room.changed(page, "Дайджест в 09:00: пн–пт")
    assert (await room.chat(ANNA)).digest_times == (DigestTime(time(9), WORKDAYS),)
    await room.press(ANNA, page, "Ср")
    page = await room.changed(page, "Дайджест в 09:00: ср")
    await room.press(ANNA, page, "Пт")
    page = await room.changed(page, "Дайджест в 09:00: ср, пт")
    await room.press(ANNA, page, "Без дайджеста в 09:00")
    await room.changed(page, "Дайджест: нет")
    assert "устарела" in (await room.forge(ANNA, page, "set:0:days:540:31"))["text"]


async def test_weekends_have_quiet_hours_of_their_own(room: World) -> None:
    page = await opened(room, ANNA, "Тихие часы", "С какого часа")
    await room.press(ANNA, page, "Другие часы по выходным")
    page = await room.changed(page, "в субботу и воскресенье")
    await room.press(ANNA, page, "01:00")
    page = await room.changed(page, "С 01:00. До какого")
    await room.press(ANNA, page, "10:00")
    page = await room.changed(page, "По выходным: 01:00–10:00")
    assert (await room.chat(ANNA)).bounds.weekend == (time(1), time(10))
    await room.press(ANNA, page, "Другие часы по выходным")
    page = await room.changed(page, "Тихие часы по выходным: 01:00–10:00")
    await room.press(ANNA, page, "По выходным без тихих часов")
    await room.changed(page, "Тихие часы")
    assert (await room.chat(ANNA)).bounds.weekend == (time(), time())


async def test_a_limit_turns_a_digest_on_and_says_so(room: World) -> None:
    await room.say(ANNA, "/start")
    await room.press_newest(ANNA, "Экономика")
    page = await opened(room, ANNA, "Лимит", "включится дайджест в 19:00")
    await room.press(ANNA, page, "3 в час")
    page = await room.changed(page, "новостей в час")
    assert "Дайджест: ежедневно в 19:00" in text_of(page)
    await room.press(ANNA, page, "10 в день")
    page = await room.changed(page, "новостей в день")
    here = await room.chat(ANNA)
    assert (here.bounds.most_hour, here.bounds.most_day) == (3, 10)
    assert here.digest_times == (DigestTime(time(19)),)
    await room.press(ANNA, page, "Если много сразу: одним сообщением")
    page = await room.changed(page, "Если много сразу: по одной")
    assert not (await room.chat(ANNA)).merges
    await room.press(ANNA, page, "Лимиты по темам")
    page = await room.changed(page, "Экономика: все сразу")
    await room.press(ANNA, page, "Экономика: все сразу")
    page = await room.changed(page, "Лимиты по темам: Экономика")
    await room.press(ANNA, page, "2 в день")
    await room.changed(page, "Экономика: 2 в день")
    assert "нет" in (await room.forge(ANNA, page, "set:0:most:1:2"))["text"], "a topic that is not followed"


async def test_news_pause_until_a_day_and_go_on(room: World) -> None:
    page = await opened(room, ANNA, "Пауза", "Пауза в новостях")
    await room.press(ANNA, page, "До даты")
    page = await room.changed(page, "До даты")
    await room.press(ANNA, page, labels(page)[0])
    page = await room.changed(page, "Пауза до")
    here = await room.chat(ANNA)
    assert here.bounds.away(room.clock.now())
    await room.press(ANNA, page, "Срочные во время паузы: нет")
    page = await room.changed(page, "приходят только срочные")
    assert (await room.chat(ANNA)).bounds.away_flash
    await room.press(ANNA, page, "Включить новости")
    await room.changed(page, "На сколько?")
    assert not (await room.chat(ANNA)).bounds.away(room.clock.now())


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ("/digest в 9:00 18:00 по будням, 11:00 по выходным", "пн–пт в 09:00, 18:00; сб и вс в 11:00"),
        ("/digest at 7:30", "ежедневно в 07:30"),
        ("/digest нет", "Дайджест: нет"),
        ("/digest завтра", "Не получилось разобрать"),
        ("/quiet 23-7 выходные 1-10", "По выходным: 01:00–10:00"),
        ("/quiet нет", "С какого часа"),
        ("/limit 3 в час", "не больше 3 новостей в час"),
        ("/limit 100", "от 1 до 99"),
        ("/limit", "Лимит: нет"),
        ("/pause до понедельника", "Пауза до"),
        ("/pause на 3 дня", "Пауза до"),
        ("/pause вчера", "до какого времени"),
        ("/pause", "На сколько?"),
        ("/resume", "Настройки"),
        ("/silent", "Звук: только для срочных"),
    ],
)
async def test_hours_are_chosen_in_words(room: World, words: str, said: str) -> None:
    await room.say(ANNA, "/start")
    assert said in text_of(await room.say(ANNA, words)).replace("\u00a0", " ")


@pytest.mark.parametrize(
    "data",
    [
        *("set:0:days:540:0", "set:0:days:9999:1", "set:0:days:540:999", "set:0:days:x", "set:0:most:x"),
        *("set:0:hour:0", "set:0:hour:100", "set:0:day:x", "set:0:limit:on", "set:0:most:99:3"),
        *("set:0:pause:20261399", "set:0:pause:x", "set:0:pause:0", "set:0:pause:20010101"),
        *("set:0:awayflash:on", "set:0:weekend:7:7", "set:0:weekend:25", "set:0:silent:maybe"),
    ],
)
async def test_forged_presses_of_hours_change_nothing(room: World, data: str) -> None:
    page = await room.say(ANNA, "/settings")
    before = await room.chat(ANNA)
    await room.forge(ANNA, page, data)
    assert await room.chat(ANNA) == before
