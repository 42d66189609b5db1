"""Two ways to everything that a reader can do: by buttons alone and by commands alone."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import time

import pytest

from bot.desk.amend import kill
from bot.rendering.check import checked_templates
from bot.rendering.talk import Talk
from tests.support.messages import Message, buttons, data_of, labels, plain, text_of
from tests.support.world import ECONOMY, World

ANNA, JAMES = 21, 23


@dataclass(frozen=True)
class Ways:
    """What a reader can do: the buttons that lead there from a page, and the words that do the same."""

    page: str
    buttons: tuple[str, ...]
    words: str


SETTINGS = {
    "form": Ways("/settings", ("Формат", "Кратко"), "/settings формат кратко"),
    "pictures": Ways("/settings", ("Формат", "Фото"), "/settings формат фото нет"),
    "at once": Ways("/settings", ("Присылать сразу",), "/settings присылать сразу нет"),
    "digest": Ways("/settings", ("Дайджест", "08:00"), "/settings дайджест 8:00"),
    "no digest": Ways("/settings", ("Дайджест", "Без дайджеста"), "/settings дайджест без дайджеста"),
    "size": Ways("/settings", ("Дайджест", "10 на тему"), "/settings дайджест 10 на тему"),
    "without news": Ways(
        "/settings", ("Дайджест", "Если новостей нет"), "/settings дайджест если новостей нет"
    ),
    "quiet hours": Ways("/settings", ("Тихие", "22:00", "07:00"), "/settings тихие часы 22:00–7:00"),
    "language": Ways("/settings", ("Язык", "English"), "/settings язык english"),
    "zone": Ways("/settings", ("Часовой пояс", "Бишкек"), "/zone Бишкек"),
    "news languages": Ways("/settings", ("Языки новостей", "English"), "/settings языки новостей english"),
}
"""Every setting. What a chat has after the one way it has after the other."""

PAGES = {
    "topics": "Темы",
    "latest": "Последнее",
    "search": "Что поискать",
    "digest": "Дайджест",
    "saved": "Сохранённое",
    "mute": "Что скрыто",
    "alerts": "слов",
    "following": "Здесь пока пусто",
    "channels": "канал",
    "pause": "Пауза",
    "settings": "Настройки",
    "mydata": "",
    "stop": "Остановить рассылку",
    "id": "Этот чат",
}
"""Every command of the menu, with what its answer says. Each is a button under /help."""


@pytest.mark.parametrize("verb", SETTINGS)
async def test_a_setting_is_chosen_by_buttons_and_by_words_alike(room: World, verb: str) -> None:
    ways = SETTINGS[verb]
    await room.story("Bridge is open", ECONOMY, language="en")
    await room.story("Мост открыт", ECONOMY)
    for who in (ANNA, 22):
        await room.say(who, "/start")
    page = await room.say(ANNA, ways.page)
    for at, label in enumerate(ways.buttons):
        data = data_of(page, label)
        assert data, (label, labels(page))
        await room.forge(ANNA, page, data)
        if at + 1 < len(ways.buttons):
            page = await room.changed(page, ways.buttons[at + 1])
    await room.say(22, ways.words)
    pressed, said = [await room.chat(who) for who in (ANNA, 22)]
    kept = ("form", "pictures", "instant", "digest_at", "digest_size", "digest_empty", "quiet", "language")
    kept += ("zone", "news_languages", "flash_at_night")
    assert {name: getattr(said, name) for name in kept} == {name: getattr(pressed, name) for name in kept}


async def test_words_say_what_is_wanted_and_undo_nothing(room: World) -> None:
    await room.say(ANNA, "/start")
    for _ in range(2):
        await room.say(ANNA, "/settings дайджест 8:00 20:00")
        await room.say(ANNA, "/settings присылать сразу нет")
        await room.say(ANNA, "/settings format in brief")
    here = await room.chat(ANNA)
    assert set(here.digest_at) == {time(8), time(20)}
    assert (here.instant, here.form) == (False, "brief")


async def test_words_that_lead_nowhere_show_the_page_where_they_end(room: World) -> None:
    await room.say(ANNA, "/start")
    assert "Настройки" in text_of(await room.say(ANNA, "/settings абракадабра"))
    assert "В каком формате" in plain(await room.say(ANNA, "/settings формат"))
    assert "В каком формате" in plain(await room.say(ANNA, "/settings формат стихами"))
    assert "До какого часа" in plain(await room.say(ANNA, "/settings тихие часы 22:00"))
    assert "Настройки" in text_of(await room.say(ANNA, "/settings " + "тема " * 700))


async def test_settings_in_english_words(room: World) -> None:
    await room.say(JAMES, "/start")
    assert "Настройки" in text_of(await room.say(JAMES, "/settings language русский"))
    assert (await room.chat(JAMES)).language == "ru"


@pytest.mark.parametrize("command", PAGES)
async def test_every_command_is_a_button_under_help(room: World, command: str) -> None:
    await room.say(ANNA, "/start")
    told = await room.say(ANNA, "/help")
    menu = dict(room.services.talk.command_menu("ru", "private"))
    before = len(room.shown(ANNA))
    await room.press(ANNA, told, menu[command])
    shown = await room.until(lambda: room.shown(ANNA)[before:])
    if PAGES[command]:
        assert PAGES[command] in plain(shown[-1])


def test_every_command_of_a_reader_stands_in_the_table() -> None:
    talk = Talk(checked_templates())
    private, group = (dict(talk.command_menu("ru", kind)) for kind in ("private", "group"))
    assert private.keys() - {"start", "help"} == PAGES.keys()
    assert group.keys() <= private.keys()


async def test_a_forged_command_is_no_button(room: World) -> None:
    told = await room.say(ANNA, "/help")
    for data in ("go:desk", "go:breaking", "go:", "go:latest:1", "go:start", "go:топики"):
        assert "устарела" in (await room.forge(ANNA, told, data))["text"], data


_READ = re.compile(r"[^\W\d_]{2,}|\A(?:✅ )?\d\d:\d\d\Z")
_NUMBER = re.compile(r"\A(\d+)(?:/\d+)?\Z")


def assert_read_aloud(page: Message) -> None:
    """Each label has a word or is an hour; a number alone is that of a headline in the text, or of the page."""
    for label in labels(page):
        number = _NUMBER.match(label)
        if number and "/" not in label:
            assert re.search(rf"(?<!\d){number[1]}\. ", plain(page)), label
        else:
            assert number or _READ.search(label), label


@pytest.mark.parametrize("user", [ANNA, JAMES, 61], ids=["ru", "en", "ky"])
async def test_what_a_screen_reader_meets_on_every_page_makes_sense(room: World, user: int) -> None:
    room.sandbox.add_user("Аида", id=61, language_code="ky")
    for number in range(12):
        await room.story(f"Мост номер {number} открыт", ECONOMY, text="Коротко. " * 900)
    assert_read_aloud(await room.say(user, "/start"))
    settings = await room.say(user, "/settings")
    assert_read_aloud(settings)
    for way in [each["callback_data"] for each in buttons(settings)]:
        await room.forge(user, settings, way)
        assert_read_aloud(room.again(settings))
    listed = await room.say(user, "/latest 10")
    assert_read_aloud(listed)
    await room.press(user, listed, "2")
    story = await room.until(lambda: _opened(room, listed))
    assert_read_aloud(story)
    assert {"←", "→"} <= {sign for label in labels(story) for sign in label}
    for command in ("/saved", "/search мост", "/topics", "/help", "/mydata", "/stop", "/digest"):
        assert_read_aloud(await room.say(user, command))


def _opened(room: World, listed: Message) -> Message | None:
    page = room.again(listed)
    return page if any("→" in label for label in labels(page)) else None


async def says(room: World, user: int, page: Message, words: str) -> None:
    room.sandbox.send(user, user, words, reply_to=page["message_id"])


async def test_a_story_is_read_walked_on_from_and_saved_without_a_button(room: World) -> None:
    for headline in ("Курс вырос", "Мост открыт", "Порт расширен"):
        await room.story(headline, ECONOMY)
    await room.say(ANNA, "/start")
    await room.choose(ANNA, form="classic")
    listed = await room.say(ANNA, "/latest 3")
    await says(room, ANNA, listed, "/press 2")
    story = await room.changed(listed, "Следующая")
    assert "Мост открыт" in text_of(story)
    await says(room, ANNA, story, "/press следующая")
    story = await room.changed(story, "Курс вырос")
    await says(room, ANNA, story, "/press сохранить")
    await room.answer(ANNA, "Сохранено. Весь список: /saved")
    await room.changed(story, "★ Сохранено")
    await says(room, ANNA, story, "/press поделиться")
    await room.answer(ANNA, "https://t.me/share/url")
    await says(room, ANNA, story, "/press к списку")
    await room.changed(story, "Последнее")


async def test_words_on_no_button_are_answered_with_those_there_are(room: World) -> None:
    greeting = await room.say(ANNA, "/start")
    told = await room.say(ANNA, "/press абракадабра", reply_to=greeting["message_id"])
    assert "/press ▫️ Экономика" in plain(told)
    told = await room.say(ANNA, "/press ▫️ Экономика", reply_to=greeting["message_id"])
    assert "Вы подписаны: Экономика" in plain(told)
    assert "с кнопками" in plain(await room.say(ANNA, "/press 2"))
    own = room.sandbox.send(ANNA, ANNA, "мост")
    await room.answer(ANNA, "Не понял вас")
    assert "с кнопками" in plain(await room.say(ANNA, "/press 2", reply_to=own["message_id"]))


async def test_what_is_out_of_date_is_refused_in_words(room: World) -> None:
    article = await room.story("Мост открыт", ECONOMY)
    await room.say(ANNA, "/start")
    listed = await room.say(ANNA, "/latest")
    await kill(room.db, article, room.clock.now())
    told = await room.say(ANNA, "/press 1", reply_to=listed["message_id"])
    assert "больше нет" in plain(told)
