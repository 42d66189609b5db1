"""A group's topic menu: the newest is the only one, also in a forum and after a restart."""

from __future__ import annotations

from typing import Any

import pytest

from bot.readers import membership
from bot.sandbox import Sandbox
from bot.store.engine.database import Database
from tests.support.messages import labels
from tests.support.world import BOT, World, settings_for

ANNA, BORIS = 21, 22


def menus(room: World, chat: int) -> list[dict[str, Any]]:
    """Return the messages in which topics can be chosen."""
    return [each for each in room.shown(chat) if any("Экономика" in label for label in labels(each))]


async def forum(room: World, **options: Any) -> int:
    made = room.sandbox.add_chat(
        "supergroup", title="Соседи", creator=ANNA, members=[BORIS, BOT], **{"is_forum": True, **options}
    )
    await room.answer(made["id"], "Администраторы")
    return made["id"]


async def one_menu(room: World, chat: int, message: dict[str, Any]) -> None:
    """Wait until that message is the only menu."""
    await room.until(lambda: [each["message_id"] for each in menus(room, chat)] == [message["message_id"]])


@pytest.mark.parametrize("is_forum", [True, False])
async def test_the_next_menu_takes_the_former_away(room: World, is_forum: bool) -> None:
    chat = await forum(room, is_forum=is_forum)
    threads = [room.sandbox.add_thread(chat, name) for name in ("Новости", "Спорт")] if is_forum else []
    for thread in (None, *threads, None):
        menu = await room.say(ANNA, "/topics@vestnik_bot", chat, thread_id=thread)
        await one_menu(room, chat, menu)
        assert menu.get("message_thread_id") == thread
    await one_menu(room, chat, await room.say(ANNA, "/start@vestnik_bot", chat))


async def test_a_menu_is_known_after_a_restart(sqlite_db: Database, sandbox: Sandbox) -> None:
    room = World(sandbox, sqlite_db, settings_for(sandbox))
    await room.prepare()
    async with room.listening():
        chat = await forum(room)
        former = await room.say(ANNA, "/topics@vestnik_bot", chat)
        await one_menu(room, chat, former)
    async with room.listening():
        await one_menu(room, chat, await room.say(ANNA, "/topics@vestnik_bot", chat))


async def test_what_becomes_a_menu_by_a_press_takes_the_former_away(room: World) -> None:
    chat = await forum(room)
    menu = await room.say(ANNA, "/topics@vestnik_bot", chat)
    await room.press(ANNA, menu, "Экономика")
    await room.press(ANNA, await room.changed(menu, "✅ Экономика"), "Готово")
    await room.changed(menu, "Вы подписаны")
    settings = await room.say(ANNA, "/settings@vestnik_bot", chat)
    await room.press(ANNA, settings, "Темы")
    await one_menu(room, chat, settings)
    await room.until(lambda: menu["message_id"] not in [each["message_id"] for each in room.shown(chat)])


async def test_a_menu_that_is_too_old_to_be_deleted_loses_its_buttons(room: World) -> None:
    chat = await forum(room)
    former = await room.say(ANNA, "/topics@vestnik_bot", chat)
    room.sandbox.advance(49 * 3600)
    menu = await room.say(ANNA, "/topics@vestnik_bot", chat)
    await one_menu(room, chat, menu)
    assert labels(room.again(former)) == []


async def test_a_group_that_moved_forgets_a_menu_whose_number_means_another_message(room: World) -> None:
    made = room.sandbox.add_chat("group", title="Соседи", creator=ANNA, members=[BOT])["id"]
    await room.answer(made, "Администраторы")
    new = room.sandbox.upgrade(made)

    own = room.sandbox.send(new, ANNA, "Всем привет")
    for _ in range(2):
        menu = await room.say(ANNA, "/topics@vestnik_bot", new)
    await one_menu(room, new, menu)
    assert own["message_id"] in [each["message_id"] for each in room.sandbox.messages(new)]
    assert await membership.find(room.db, BOT, made) is None


async def test_in_private_the_greeting_stays(room: World) -> None:
    hello = await room.say(ANNA, "/start")
    menu = await room.say(ANNA, "/topics")
    assert [each["message_id"] for each in menus(room, ANNA)] == [hello["message_id"], menu["message_id"]]
