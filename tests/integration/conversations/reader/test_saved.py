"""Saving a story from under it and by command, the list of what was saved, and who can't save."""

from __future__ import annotations

import pytest

from bot.desk.amend import kill
from bot.readers import saved
from tests.support.messages import Message, labels, text_of
from tests.support.world import ASIA, BOT, ECONOMY, World

ANNA, BORIS, JAMES = 21, 22, 23


async def listed(room: World, user: int = ANNA) -> str:
    return text_of(await room.say(user, "/saved"))


async def opened(room: World, article: int, user: int = ANNA) -> Message:
    """Open a story by its link, its text as messages."""
    await room.choose(user, form="classic")
    return await room.brief(user, article)


@pytest.mark.parametrize("form", ["classic", "rich"])
async def test_a_story_is_saved_listed_opened_and_taken_out_again(room: World, form: str) -> None:
    await room.choose(ANNA, form=form)
    await room.story("Мост открыт", ECONOMY)
    assert "Здесь пока пусто" in await listed(room)
    page = await room.say(ANNA, "/latest")
    await room.press(ANNA, page, "1")
    story = await room.changed(page, "☆ Сохранить")
    assert "/saved" in (await room.press(ANNA, story, "Сохранить"))["text"]
    story = await room.changed(story, "★ Сохранено")
    assert "‹ К списку" in labels(story)
    assert "Поделиться" in labels(story)
    page = await room.say(ANNA, "/saved")
    assert "Мост открыт" in text_of(page)
    await room.press(ANNA, page, "1")
    story = await room.changed(page, "★ Сохранено")
    assert "/saved" in (await room.press(ANNA, story, "Сохранено"))["text"]
    story = await room.changed(story, "☆ Сохранить")
    await room.press(ANNA, story, "К списку")
    assert "Здесь пока пусто" in text_of(await room.changed(story, "Здесь пока пусто"))


async def test_a_press_twice_saves_all_the_same(room: World) -> None:
    article = await room.story("Мост открыт", ECONOMY)
    story = await opened(room, article)
    for _ in range(2):
        await room.forge(ANNA, story, f"save:{article}")
    assert "Мост открыт" in await listed(room)
    for _ in range(2):
        await room.forge(ANNA, story, f"unsave:{article}")
    assert "Здесь пока пусто" in await listed(room)


async def test_a_story_that_came_is_saved_by_an_answer(room: World) -> None:
    article = await room.story("Мост открыт", ECONOMY)
    story = await opened(room, article)
    refused = await room.say(ANNA, "/save")
    assert "Ответьте" in text_of(refused)
    assert "Ответьте" in text_of(await room.say(ANNA, "/save", reply_to=refused["message_id"]))
    assert "Сохранено" in text_of(await room.say(ANNA, "/save", reply_to=story["message_id"]))
    assert "Мост открыт" in await listed(room)


async def test_many_are_turned_page_by_page(room: World) -> None:
    await room.choose(ANNA, form="classic")
    here = await room.chat(ANNA)
    for at in range(saved.PER_PAGE + 1):
        article = await room.story(f"Новость-{at:02}", ECONOMY)
        await saved.save(room.db, here.id, article, room.clock.now())
    page = await room.say(ANNA, "/saved")
    assert "Новость-00" not in text_of(page)
    await room.press(ANNA, page, "›")
    page = await room.changed(page, "Новость-00")
    await room.press(ANNA, page, "11")
    story = await room.changed(page, "★ Сохранено")
    await room.press(ANNA, story, "←")
    await room.until(lambda: text_of(room.again(story)).startswith("Новость-01"))
    await room.press(ANNA, story, "К списку")
    assert "Новость-00" in text_of(await room.changed(story, "2/2"))


async def test_who_said_stop_saves_nothing_and_finds_nothing_on_return(room: World) -> None:
    article = await room.story("Мост открыт", ECONOMY)
    story = await opened(room, article)
    await room.press(ANNA, story, "Сохранить")
    await room.press(ANNA, await room.say(ANNA, "/stop"), "Да, остановить")
    await room.answer(ANNA, "/start")
    assert "/start" in (await room.forge(ANNA, story, f"save:{article}"))["text"]
    await room.say(ANNA, "/start")
    assert "Здесь пока пусто" in await listed(room)


async def test_in_a_group_nothing_is_saved(room: World) -> None:
    article = await room.story("Мост открыт", ECONOMY)
    chat = room.sandbox.add_chat("supergroup", title="Соседи", creator=ANNA, members=[BORIS, BOT])["id"]
    await room.answer(chat, "Администраторы")
    page = await room.say(BORIS, "/latest@vestnik_bot", chat)
    await room.press(BORIS, page, "1")
    story = await room.changed(page, "К списку")
    assert not [each for each in labels(story) if "Сохранить" in each]
    for data in (f"save:{article}", f"unsave:{article}", "saved:0", "list:saved:0"):
        assert "личные" in (await room.forge(BORIS, story, data))["text"], data


async def test_a_saved_story_that_is_taken_back_leaves_the_list(room: World) -> None:
    article = await room.story("Ошибка", ASIA)
    story = await opened(room, article)
    await room.press(ANNA, story, "Сохранить")
    page = await room.say(ANNA, "/saved")
    await kill(room.db, article, room.clock.now())
    assert "больше нет" in (await room.press(ANNA, page, "1"))["text"]
    assert "Ошибка" not in await listed(room)


async def test_the_menu_and_the_help_name_the_list(room: World) -> None:
    for user, words in ((ANNA, "сохранённые"), (JAMES, "saved")):
        said = text_of(await room.say(user, "/help"))
        assert "/saved" in said
        assert words in said
    for language in ("ru", "en"):
        assert "saved" in dict(room.services.talk.command_menu(language, "private"))
        assert "saved" not in dict(room.services.talk.command_menu(language, "group"))
