"""The first words: /start, its deep links, /help, /id, and what is not understood."""

from __future__ import annotations

import pytest

from bot.model.chat import ChatState
from bot.model.newsroom.role import Right
from bot.model.story.article import Content
from bot.store.newsroom import articles
from tests.support.desk.editors import hire
from tests.support.messages import buttons, labels, text_of
from tests.support.readers import choices
from tests.support.transactions import writes
from tests.support.world import World

ANNA, BORIS, JAMES, OWNER = 21, 22, 23, 11
ECONOMY = 3


async def test_start_greets_by_name_and_offers_topics(room: World) -> None:
    greeting = await room.say(ANNA, "/start")
    assert "Анна" in text_of(greeting)
    assert any("Экономика" in label for label in labels(greeting))
    assert (await room.chat(ANNA)).state is ChatState.ACTIVE


async def test_the_greeting_stays_and_topics_show_what_there_is_to_read(room: World) -> None:
    await room.story("Мост открыт", ECONOMY)
    greeting = await room.say(ANNA, "/start")
    words = text_of(greeting)
    assert all(way in words for way in ("/latest", "/digest", "/settings"))
    assert "Последнее по вашим темам" not in labels(greeting)
    await room.press(ANNA, greeting, "Экономика")
    greeting = await room.changed(greeting, "✅ Экономика")
    assert text_of(greeting) == words
    assert labels(greeting)[-2:] == ["Последнее по вашим темам", "Готово"]
    await room.press(ANNA, greeting, "Последнее по вашим темам")
    await room.answer(ANNA, "Мост открыт")
    await room.press(ANNA, greeting, "Готово")
    folded = await room.changed(greeting, "сразу: Экономика")
    assert all(way in text_of(folded) for way in ("/latest", "/digest", "/settings"))
    assert labels(folded) == ["Последнее по вашим темам", "Темы"]


async def test_an_offer_that_is_pressed_twice_still_follows(room: World) -> None:
    offer = await room.say(ANNA, "/start t-economy")
    data = buttons(offer)[0]["callback_data"]
    for _ in range(2):
        await room.forge(ANNA, offer, data)
    here = await room.chat(ANNA)
    assert await choices(room.db, here.id) == {ECONOMY: True}


async def test_a_name_made_of_markup_is_shown_as_it_is(room: World) -> None:
    room.sandbox.add_user("<b>Имя</b>\u202e" + "я" * 50, id=31, language_code="ru")
    greeting = await room.say(31, "/start")
    assert "<b>Имя</b>" in text_of(greeting)


async def test_a_link_to_a_topic_offers_to_follow_it(room: World) -> None:
    offer = await room.say(ANNA, "/start t-economy")
    assert "Экономика" in text_of(offer)
    await room.press(ANNA, offer, "Экономика")
    await room.changed(offer, "✅ Экономика")
    here = await room.chat(ANNA)
    assert await choices(room.db, here.id) == {ECONOMY: True}


async def test_a_link_to_a_story_shows_it_after_a_newcomers_greeting(room: World) -> None:
    article = await room.story("Мост <b>открыт</b>", ECONOMY)
    room.sandbox.send(ANNA, ANNA, f"/start a-{article}")
    await room.answer(ANNA, "Мост <b>открыт</b>")
    greeting, story = room.texts(ANNA)
    assert "Анна" in greeting
    assert "Мост <b>открыт</b>" in story
    assert "Мост <b>открыт</b>" in text_of(await room.say(ANNA, f"/start a-{article}"))
    assert len(room.shown(ANNA)) == 3


async def test_links_that_lead_nowhere_are_answered_kindly(room: World) -> None:
    await room.say(ANNA, "/start")
    assert "больше нет" in text_of(await room.say(ANNA, "/start a-999"))
    for payload in ("t-nothing", "a-x", "a-" + "9" * 60, "<b>", "t-" + "x" * 62, "a-1 a-2", "'; --"):
        assert "Анна" in text_of(await room.say(ANNA, f"/start {payload}"))


async def test_a_draft_can_not_be_read_by_its_link(room: World) -> None:
    content = Content("Черновик")
    draft = await writes(articles.add)(room.db, content, source="desk", uid="d", at=room.clock.now())
    await room.say(ANNA, "/start")
    assert "больше нет" in text_of(await room.say(ANNA, f"/start a-{draft.id}"))


async def test_people_are_spoken_to_in_their_own_language(room: World) -> None:
    assert "Hello" in text_of(await room.say(JAMES, "/start"))
    assert "Economy" in " ".join(labels(await room.say(JAMES, "/topics")))
    for code, word in (("uk", "Здравствуйте"), ("de", "Hello"), ("", "Здравствуйте")):
        user = 40 + len(code) + (code == "de")
        room.sandbox.add_user("X", id=user, language_code=code)
        assert word in text_of(await room.say(user, "/start"))


async def test_help_tells_owners_more(room: World) -> None:
    assert "/breaking" not in text_of(await room.say(ANNA, "/help"))
    help_text = text_of(await room.say(OWNER, "/help"))
    for command, _ in room.services.talk.command_menu("ru", "private", Right):
        assert command in {"start", "help"} or f"/{command}" in help_text


async def test_help_names_the_commands_of_an_author(room: World) -> None:
    await hire(room, JAMES, "James", frozenset({Right.WRITE}))
    help_text = text_of(await room.say(JAMES, "/help"))
    assert "/desk" in help_text
    assert "/stats" in help_text
    assert "/breaking" not in help_text


async def test_id_tells_person_and_chat(room: World) -> None:
    assert str(ANNA) in text_of(await room.say(ANNA, "/id"))


async def test_unknown_words_are_answered_kindly_in_private(room: World) -> None:
    assert "/topics" in text_of(await room.say(ANNA, "что нового?"))
    assert "/topics" in text_of(await room.say(ANNA, "/nonsense"))
    assert "/topics" in text_of(await room.say(ANNA, "", photo=True))


async def test_unknown_words_are_looked_for_in_the_news(room: World) -> None:
    await room.story("Новый мост открыт", ECONOMY)
    await room.story("Снег на перевале", ECONOMY)
    offer = await room.say(ANNA, "мосты")
    assert "в новостях" in text_of(offer)
    await room.press(ANNA, offer, "Поиск по новостям")
    found = await room.changed(offer, "Новый мост открыт")
    assert "Снег" not in text_of(found)
    await room.press(ANNA, found, "1")
    await room.press(ANNA, await room.changed(found, "К списку"), "К списку")
    await room.changed(found, "Поиск: мосты")
    offer = await room.say(ANNA, "<b>жираф</b>")
    await room.press(ANNA, offer, "Поиск по новостям")
    await room.changed(offer, "Ничего не нашлось")


@pytest.mark.parametrize(
    ("chosen", "found", "other"),
    [(("ru",), "Форум Expo", "Expo opens"), (("en",), "Expo opens", "Форум Expo")],
)
async def test_the_stories_looked_through_are_those_in_the_readers_languages(
    room: World, chosen: tuple[str, ...], found: str, other: str
) -> None:
    await room.story("Форум Expo открыт", ECONOMY)
    await room.story("Expo opens in the valley", ECONOMY, language="en")
    await room.choose(ANNA, news_languages=chosen)
    offer = await room.say(ANNA, "expo")
    await room.press(ANNA, offer, "Поиск по новостям")
    assert other not in text_of(await room.changed(offer, found))


async def test_a_photo_is_answered_as_one(room: World) -> None:
    said = await room.say(ANNA, "", photo=True)
    assert "Напишите словами" in text_of(said)
    assert not labels(said)


async def test_a_stale_button_says_what_to_press(room: World) -> None:
    greeting = await room.say(ANNA, "/start")
    said = (await room.forge(ANNA, greeting, "nonsense"))["text"]
    assert all(way in said for way in ("/topics", "/latest", "/help"))


async def test_a_button_of_nothing_is_answered_kindly(room: World) -> None:
    greeting = await room.say(ANNA, "/start")
    for data in (
        "nonsense",
        "pick:x",
        "topics:zz",
        "full:x",
        "mute:",
        "set:zone:Mars",
        "flash:",
        "list:",
        ":",
    ):
        answer = await room.forge(ANNA, greeting, data)
        assert answer["answered"]
    assert "/help" in (await room.forge(ANNA, greeting, "nonsense"))["text"]
