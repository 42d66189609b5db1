"""What comes where in a forum: by its administrators alone, into threads that are there; forged and stale presses."""

from __future__ import annotations

import pytest

from bot.readers.places import threads
from bot.sandbox.methods import HANDLERS
from bot.sandbox.methods.call import Call
from tests.support.messages import data_of, labels, text_of
from tests.support.people import ANNA, BORIS
from tests.support.world import BOT, ECONOMY, World

FORGED = ("where:to:3:1", "where:of:3:0", "where", "where:to:f:0", "may:0", "pick:3:0")


async def forum(room: World, *, admin: bool = False) -> tuple[int, int, int]:
    """Make a forum of Anna's whose economy comes into one of two threads; return it and both threads."""
    made = room.sandbox.add_chat("supergroup", title="Соседи", creator=ANNA, members=[BORIS], is_forum=True)
    chat = made["id"]
    room.sandbox.set_member(chat, BOT, "administrator" if admin else "member", by=ANNA)
    await room.answer(chat, "Администраторы")
    money, planet = (room.sandbox.add_thread(chat, name) for name in ("Деньги", "Планета"))
    return chat, money, planet


async def thread_of_economy(room: World, chat: int) -> int:
    there = await threads.whereabouts(room.db, (await room.chat(chat)).id)
    return there.of_topic(ECONOMY)


async def test_a_press_in_another_thread_brings_the_topic_there_and_the_next_ends_it(room: World) -> None:
    chat, money, planet = await forum(room)
    menu = await room.say(ANNA, "/topics@vestnik_bot", chat, thread_id=money)
    await room.press(ANNA, menu, "Экономика")
    await room.changed(menu, "✅ Экономика")
    menu = await room.say(ANNA, "/topics@vestnik_bot", chat, thread_id=planet)
    assert "✅ Экономика → Деньги" in labels(menu)
    assert "Теперь приходит сюда" in (await room.press(ANNA, menu, "Экономика"))["text"]
    await room.until(lambda: "✅ Экономика" in labels(room.again(menu)))
    assert await thread_of_economy(room, chat) == planet
    await room.press(ANNA, menu, "Экономика")
    await room.changed(menu, "▫️ Экономика")


async def test_only_administrators_and_only_threads_that_are_there(room: World) -> None:
    chat, money, _ = await forum(room)
    menu = await room.say(ANNA, "/topics@vestnik_bot", chat, thread_id=money)
    await room.press(ANNA, menu, "Экономика")
    await room.changed(menu, "✅ Экономика")
    for data in FORGED:
        assert "администратор" in (await room.forge(BORIS, menu, data))["text"], data
    for data in (
        "where:to:3:999",
        "where:to:1:1",
        "where:to:d:-5",
        "where:of:1:0",
        "where:of:99:0",
        "where:to:x",
    ):
        assert (await room.forge(ANNA, menu, data))["show_alert"], data
    assert await thread_of_economy(room, chat) == money


async def test_a_renamed_thread_is_shown_by_its_new_name(room: World) -> None:
    chat, money, _ = await forum(room)
    await room.say(ANNA, "/id@vestnik_bot", chat)
    here = await room.chat(chat)
    await threads.note_name(room.db, here.id, money, "Рынки")
    await threads.note_name(room.db, here.id, 999, "Чужая")
    found = (await threads.whereabouts(room.db, here.id)).threads
    assert (found[money].name, 999 in found) == ("Рынки", False)


async def test_an_ephemeral_menu_is_nobody_elses_and_becomes_no_menu_of_the_group(room: World) -> None:
    chat, money, _ = await forum(room, admin=True)
    hello = await room.answer(chat, "Администраторы")
    room.send(ANNA, "/topics@vestnik_bot", chat, thread_id=money)
    menu = await room.aside(ANNA, chat, "Нажмите на тему")
    assert menu["message_thread_id"] == money
    await room.press(ANNA, menu, "Экономика")
    await room.until(lambda: "✅ Экономика" in labels(room.sandbox.ephemeral(chat, ANNA)[-1]))
    assert (await room.chat(chat)).menu_id == hello["message_id"]
    assert await thread_of_economy(room, chat) == money
    for word in ("settings", "stop", "zone"):
        room.send(ANNA, f"/{word}@vestnik_bot", chat, thread_id=money)
    for words in ("Настройки", "Остановить рассылку", "Часовой пояс"):
        await room.aside(ANNA, chat, words)
    assert len(room.shown(chat)) == 1


async def test_an_older_server_shows_the_menu_to_all_and_it_works(
    room: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    chat, _, _ = await forum(room, admin=True)
    newer = HANDLERS["sendmessage"]

    def older(call: Call) -> object:
        call.params.values.pop("ephemeral_message_parameters", None)
        return newer(call)

    monkeypatch.setitem(HANDLERS, "sendmessage", older)
    menu = await room.say(ANNA, "/topics@vestnik_bot", chat)
    await room.press(ANNA, menu, "Экономика")
    await room.changed(menu, "✅ Экономика")
    assert data_of(room.again(menu), "Экономика")
    assert "Нажмите на тему" in text_of(menu)
