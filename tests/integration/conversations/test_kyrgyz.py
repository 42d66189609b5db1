"""A reader in Kyrgyz, a draft: greeted in it, over to Russian and back; dates, counts and words that are missing."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from aiogram.types import BotCommandScopeChat

from bot.rendering.check import checked_templates
from bot.rendering.talk import Talk
from bot.rendering.text.times import ago_words, calendar_day, date_words, day_words, short_span, span_words
from bot.store.audience import languages
from tests.support.messages import labels, plain, text_of
from tests.support.transactions import reads
from tests.support.world import ECONOMY, World

AIDA, ANNA = 61, 21
NOW = datetime(2026, 11, 5, 8, 3, tzinfo=UTC)


async def arrives(room: World) -> None:
    room.sandbox.add_user("Аида", id=AIDA, language_code="ky")


async def test_who_speaks_kyrgyz_is_greeted_in_it_and_goes_to_russian_and_back(room: World) -> None:
    await arrives(room)
    greeting = await room.say(AIDA, "/start")
    assert "Саламатсызбы, Аида!" in plain(greeting)
    # The newsroom has no Kyrgyz names of its topics.
    assert "▫️ Экономика" in labels(greeting)
    page = await room.say(AIDA, "/settings")
    await room.press(AIDA, page, "Тил")
    page = await room.changed(page, "Машина которгон")
    assert labels(page)[:3] == ["Русский", "English", "✅ Кыргызча (долбоор)"]
    await room.press(AIDA, page, "Русский")
    page = await room.changed(page, "Настройки")
    scope = BotCommandScopeChat(chat_id=AIDA)
    menu = await room.services.client.get_my_commands(scope, language_code="ky")
    assert menu[1].description == "Выбрать темы"
    await room.press(AIDA, page, "Язык")
    page = await room.changed(page, "Машинный перевод")
    assert "Кыргызча (черновик / долбоор)" in labels(page)
    await room.press(AIDA, page, "Кыргызча")
    page = await room.changed(page, "Жөндөөлөр")
    menu = await room.services.client.get_my_commands(scope, language_code="ru")
    assert menu[1].description == "Темаларды тандоо"
    assert (await room.chat(AIDA)).language == "ky"


async def test_nobody_else_is_offered_news_in_a_draft_that_no_news_are_told_in(room: World) -> None:
    await arrives(room)
    for who, button, said in ((ANNA, "Языки новостей", "На каких языках"), (AIDA, "Жаңылыктардын", "кайсы")):
        await room.say(who, "/start")
        page = await room.say(who, "/settings")
        await room.press(who, page, button)
        page = await room.changed(page, said)
        assert any("Кыргызча" in label for label in labels(page)) == (who == AIDA)


@pytest.mark.parametrize(
    ("told", "chosen"),
    [(("ky", "ru"), ("ky", "ru")), (("ru",), ("ru",)), (("en", "ru"), ("ru",)), (("en",), ())],
)
async def test_news_come_in_kyrgyz_and_in_what_stands_in_for_it(
    room: World, told: tuple[str, ...], chosen: tuple[str, ...]
) -> None:
    await arrives(room)
    for language in told:
        await room.story(f"Новость {language}", ECONOMY, language=language)
    await room.say(AIDA, "/start")
    assert (await room.chat(AIDA)).news_languages == chosen
    assert await reads(languages.usual)(room.db, "ky") == chosen


async def test_words_for_a_reader_are_kyrgyz_all_the_way(room: World) -> None:
    await arrives(room)
    await room.story("Жаңы көпүрө ачылды", ECONOMY)
    await room.say(AIDA, "/start")
    for command, said in (
        ("/topics", "Темалар"),
        ("/latest", "Акыркылар"),
        ("/help", "Редактор"),
        ("/search көпүрө", "Издөө: көпүрө"),
        ("/saved", "Сакталган жаңылыктар"),
        ("/id", "Бул чат"),
        ("/stop", "өчүрөлүбү"),
        ("/desk", "редакторлорго гана"),
        ("абракадабра", "түшүнгөн жокмун"),
    ):
        assert said in plain(await room.say(AIDA, command)), command
    assert "көпүрө ачылды" in text_of(await room.say(AIDA, "/search көпүрө*"))


def test_dates_and_spans_are_written_as_in_kyrgyz() -> None:
    assert date_words(NOW, NOW, "ky", "Asia/Bishkek") == "5-ноябрь, 14:03"
    assert date_words(NOW, NOW + timedelta(days=90), "ky", "Asia/Bishkek") == "2026-ж., 5-ноябрь, 14:03"
    assert calendar_day(NOW.date(), NOW.date(), "ky") == "5-ноябрь"
    assert day_words(NOW, "ky", "Asia/Bishkek", "day") == "5-ноя."
    assert short_span(timedelta(hours=2, minutes=10), "ky") == "2 ст 10 мүн"
    assert span_words(120, "ky", ahead=True) == "2 мүнөттөн кийин"


@pytest.mark.parametrize("count", [1, 2, 5, 21])
def test_a_number_leaves_its_noun_as_it_is(count: int) -> None:
    talk = Talk(checked_templates())
    assert talk.label("more_of", "ky", topic="", count=count, alone=True).replace("\u00a0", " ") == (
        f"{count} жаңылык"
    )
    assert ago_words(NOW - timedelta(minutes=count), NOW, "ky") == f"{count} мүнөт мурун"
    russian = {1: "1 новость", 2: "2 новости", 5: "5 новостей", 21: "21 новость"}
    assert (
        talk.label("more_of", "ru", topic="", count=count, alone=True).replace("\u00a0", " ")
        == (russian[count])
    )
