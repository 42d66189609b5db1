"""/latest of a topic, of days, in languages; its pages, and what they are narrowed down to."""

from __future__ import annotations

from datetime import timedelta

import pytest

from bot.conversations.reader.latest.keys import key, wanted_of
from bot.model.errors import Refusal
from bot.readers.latest import EVERY_TOPIC, Wanted
from bot.readers.search.filters import ALL
from tests.support.messages import Message, labels, text_of
from tests.support.world import ASIA, ECONOMY, World

ANNA, BORIS, JAMES = 21, 22, 23


async def test_a_topic_a_day_and_a_language_in_one_line(room: World) -> None:
    await room.story("Мост вчера", ECONOMY)
    room.clock.advance(timedelta(days=1))
    await room.story("Мост сегодня", ECONOMY)
    await room.story("Порт сегодня", ASIA)
    await room.story("Bridge today", ECONOMY, language="en")
    page = await room.say(ANNA, "/latest экономика вчера")
    assert "Последнее: Экономика" in text_of(page)
    assert "Мост вчера" in text_of(page)
    assert "Мост сегодня" not in text_of(page)
    page = await room.say(ANNA, "/latest сегодня на английском")
    assert "Bridge today" in text_of(page)
    assert "Мост" not in text_of(page)
    page = await room.say(ANNA, "/latest на всех языках 2 по экономике")
    assert "Bridge today" in text_of(page)
    assert "Мост сегодня" in text_of(page)
    assert "Мост вчера" not in text_of(page), "two were asked for"


async def test_pages_are_turned_and_a_story_leads_back_to_its_page(room: World) -> None:
    await room.choose(ANNA, form="classic")
    for number in range(7):
        await room.story(f"Мост-{number}", ECONOMY)
    page = await room.say(ANNA, "/latest 3")
    assert "‹ Назад" not in labels(page)
    page = await _pressed(room, page, "Дальше ›", "Мост-3")
    assert "4. Мост-3" in text_of(page)
    story = await _pressed(room, page, "6", "‹ К списку")
    assert "Мост-1" in text_of(story)
    story = await _pressed(room, story, "→", "Мост-0")
    page = await _pressed(room, story, "К списку", "7. Мост-0")
    assert "Дальше ›" not in labels(page)


async def test_it_is_narrowed_down_by_buttons(room: World) -> None:
    await room.story("Мост", ECONOMY)
    room.clock.advance(timedelta(days=3))
    await room.story("Порт", ASIA)
    page = await room.say(ANNA, "/latest")
    page = await _pressed(room, page, "Уточнить…", "✅ За всё время")
    page = await _pressed(room, page, "Экономика", "Последнее: Экономика")
    assert "Порт" not in text_of(page)
    page = await _pressed(room, page, "Уточнить…", "✅ Экономика")
    page = await _pressed(room, page, "За сутки", "Ничего не нашлось")
    page = await _pressed(room, page, "За всё время", "Мост")
    page = await _pressed(room, page, "Уточнить…", "✅ Экономика")
    page = await _pressed(room, page, "Все темы", "Порт")
    assert "Мост" in text_of(page)


async def test_a_day_without_news_says_so_and_offers_what_there_is(room: World) -> None:
    page = await room.say(ANNA, "/latest вчера")
    assert "Таких новостей нет" in text_of(page)
    assert labels(page) == []
    await room.story("Мост", ECONOMY)
    page = await room.say(ANNA, "/latest Азия")
    assert labels(page) == ["По всем темам"]
    page = await _pressed(room, page, "По всем темам", "Мост")
    page = await room.say(ANNA, "/latest вчера")
    await _pressed(room, page, "За всё время", "Мост")


async def test_what_is_too_long_is_refused(room: World) -> None:
    refused = await room.say(ANNA, "/latest " + "мост " * 60)
    assert "200" in text_of(refused)


def test_a_key_says_all_that_was_asked_for() -> None:
    day = wanted_of("latest:0:5:0:fu8o:-:-").since
    assert day is not None
    for wanted in (
        Wanted(),
        Wanted(7, 3),
        Wanted(EVERY_TOPIC, 10, 19, day, day + timedelta(days=1), ALL),
        Wanted(123456789, 10, 19, day, day, ("ru", "en", "kyr")),
    ):
        assert wanted_of(key(wanted)) == wanted
        assert len(f"full:{10**10}:99:list:{key(wanted)}".encode()) <= 72
    assert key(Wanted(7, 3)) == "latest:7:3"


@pytest.mark.parametrize(
    "data",
    [
        *("latest:0:5:99", "latest:0:5:-1", "latest:-9:5", "latest:0:5:0:zzzzzz:-:-", "latest:0:5:0:?:-:-"),
        *("latest:0:5:0:zzzzz:-:-", "latest:0:5:0:-:-:DROP", "latest:0:5:0:-:-:ru,en,de,fr,es"),
    ],
)
def test_a_forged_key_is_refused(data: str) -> None:
    with pytest.raises(Refusal, match="stale"):
        wanted_of(data)


async def _pressed(room: World, page: Message, label: str, words: str) -> Message:
    await room.press(ANNA, page, label)
    await room.until(lambda: words in text_of(room.again(page)) or words in labels(room.again(page)))
    return room.again(page)


async def test_forged_pages_are_out_of_date(room: World) -> None:
    await room.story("Мост", ECONOMY)
    page = await room.say(ANNA, "/latest")
    for data in ("list:latest:0:5:99", "narrow:latest:0:5:0:?:-:-"):
        assert (await room.forge(ANNA, page, data))["show_alert"]
