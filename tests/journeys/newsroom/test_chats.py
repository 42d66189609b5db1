"""Chats come and go while news goes out: blocked, upgraded, removed, forums, channels."""

from __future__ import annotations

from bot.model.chat import ChatState
from bot.readers import membership
from tests.journeys.newsroom.conftest import Newsroom

BOT, ANNA, BORIS, JAMES, OWNER = 700700, 21, 22, 23, 11


async def state_of(newsroom: Newsroom, chat: int) -> ChatState | None:
    found = await membership.find(newsroom.db, BOT, chat)
    return found.state if found else None


async def group(newsroom: Newsroom, kind: str, **options) -> int:
    """Make a group of Anna's with the bot in it that follows the economy."""
    chat = newsroom.sandbox.add_chat(kind, title="Соседи", creator=ANNA, members=[BORIS, BOT], **options)[
        "id"
    ]
    await newsroom.press_newest(ANNA, "Экономика", chat)
    return chat


async def test_who_blocked_the_bot_costs_one_call_and_gets_nothing_until_they_return(
    newsroom: Newsroom,
) -> None:
    await newsroom.follow(ANNA, "Экономика")
    await newsroom.follow(BORIS, "Экономика")
    await newsroom.first_look()
    newsroom.sandbox.chat(ANNA).blocked = True
    newsroom.wire.put("1", "Мост открыт", "Движение пущено утром.")
    await newsroom.answer(BORIS, "Мост открыт")
    refused = await newsroom.until(
        lambda: [
            each for each in newsroom.sandbox.calls() if each["status"] == 403 and each["chat_id"] == ANNA
        ]
    )
    await newsroom.settled(ANNA, ChatState.BLOCKED, "blocked")
    newsroom.wire.put("2", "Порт расширен", "Работы закончены.")
    await newsroom.answer(BORIS, "Порт расширен")
    calls = newsroom.sandbox.calls(since=refused[0]["n"])
    assert [each for each in calls if each["chat_id"] == ANNA and each["n"] > refused[0]["n"]] == []
    assert await state_of(newsroom, ANNA) is ChatState.BLOCKED
    newsroom.sandbox.block(ANNA, blocked=False)
    newsroom.send(ANNA, "/id")
    await newsroom.answer(ANNA, str(ANNA))
    newsroom.wire.put("3", "Школа достроена", "Занятия начнутся осенью.")
    await newsroom.answer(ANNA, "Школа достроена")


async def test_a_group_upgraded_before_the_bot_heard_of_it_gets_the_story_once(newsroom: Newsroom) -> None:
    chat = await group(newsroom, "group")
    await newsroom.first_look()
    old = newsroom.sandbox.chat(chat)
    newsroom.sandbox.fault("hang", match={"method": "getUpdates"}, seconds=1, times=2)
    new = newsroom.sandbox.upgrade(chat)
    newsroom.wire.put("1", "Мост открыт", "Движение пущено утром.")
    await newsroom.answer(new, "Мост открыт")
    assert sum("Мост открыт" in text for text in newsroom.texts(new)) == 1
    assert old.migrated_to == new
    newsroom.wire.put("2", "Порт расширен", "Работы закончены.")
    await newsroom.answer(new, "Порт расширен")


async def test_a_group_that_removes_the_bot_is_let_alone_and_welcomed_back(newsroom: Newsroom) -> None:
    chat = await group(newsroom, "supergroup")
    await newsroom.follow(JAMES, "Economy")
    await newsroom.first_look()
    newsroom.sandbox.set_member(chat, BOT, "kicked", by=ANNA)
    newsroom.wire.put("1", "Мост открыт", "Движение пущено утром.")
    await newsroom.answer(JAMES, "Мост открыт")
    assert not any("Мост открыт" in text for text in newsroom.texts(chat))
    newsroom.sandbox.set_member(chat, BOT, "member", by=ANNA)
    await newsroom.until(lambda: sum("Администраторы" in text for text in newsroom.texts(chat)))
    newsroom.wire.put("2", "Порт расширен", "Работы закончены.")
    await newsroom.answer(chat, "Порт расширен")


async def test_a_forums_story_and_flash_come_to_the_thread_where_they_were_asked_for(
    newsroom: Newsroom,
) -> None:
    chat = newsroom.sandbox.add_chat(
        "supergroup", title="Соседи", creator=ANNA, members=[BOT], is_forum=True
    )["id"]
    thread = newsroom.sandbox.add_thread(chat, "Новости")
    await newsroom.answer(chat, "Администраторы")
    menu = await newsroom.say(ANNA, "/topics@vestnik_bot", chat, thread_id=thread)
    await newsroom.press(ANNA, menu, "Экономика")
    await newsroom.first_look()
    newsroom.wire.put("1", "Мост открыт", "Движение пущено утром.")
    assert (await newsroom.answer(chat, "Мост открыт"))["message_thread_id"] == thread
    newsroom.send(OWNER, "/breaking Землетрясение")
    await newsroom.press_newest(OWNER, "Отправить")
    await newsroom.press_newest(OWNER, "Да, отправить")
    assert (await newsroom.answer(chat, "Землетрясение"))["message_thread_id"] == thread


async def test_a_channel_gets_its_topics_with_links_in_place_of_buttons(newsroom: Newsroom) -> None:
    newsroom.send(ANNA, "/start")
    await newsroom.answer(ANNA, "Здравствуйте")
    chat = newsroom.sandbox.add_chat("channel", title="Долина", creator=ANNA, members=[BOT])["id"]
    await newsroom.answer(ANNA, "Долина")
    await newsroom.press_newest(ANNA, "Экономика")
    await newsroom.first_look()
    newsroom.wire.put("1", "Мост открыт", "Движение пущено утром.")
    post = await newsroom.until(
        lambda: next(
            (each for each in newsroom.sandbox.messages(chat) if "Мост" in each.get("text", "")), None
        )
    )
    buttons = [button for row in post["reply_markup"]["inline_keyboard"] for button in row]
    assert buttons
    assert all("url" in button for button in buttons)
