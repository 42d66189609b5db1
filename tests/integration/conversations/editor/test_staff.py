"""/editors: by id, by a forwarded message, by a contact; added, listed, taken off, by owners alone."""

from __future__ import annotations

from aiogram.types import BotCommandScopeChat

from bot.desk import staff
from tests.support.messages import labels, text_of
from tests.support.world import World

BOT, OWNER, EDITOR, ANNA, BORIS = 700700, 11, 12, 21, 22


async def listed(room: World) -> list[tuple[str, int]]:
    return await staff.listing(room.db, BOT)


async def test_an_id_is_enough_and_brings_the_name_of_who_has_met_the_bot(room: World) -> None:
    await room.say(EDITOR, "/start")
    room.sandbox.send(OWNER, OWNER, f"/editors {EDITOR}")
    page = await room.answer(OWNER, "Редакторы")
    assert any("Егор" in each for each in labels(page))
    assert "Редактор добавлен: Егор" in room.texts(OWNER)[0]
    assert await listed(room) == [("Егор", EDITOR)]
    commands = await room.services.client.get_my_commands(BotCommandScopeChat(chat_id=EDITOR))
    assert "breaking" in {each.command for each in commands}


async def test_a_reply_in_a_group_adds_who_wrote_it_and_lists_nobody_there(room: World) -> None:
    chat = room.sandbox.add_chat("supergroup", title="Редакция", creator=OWNER, members=[EDITOR, BOT])["id"]
    await room.answer(chat, "Администраторы")
    room.sandbox.bot().privacy = False
    words = room.sandbox.send(chat, EDITOR, "Я готов")
    before = len(room.shown(chat))
    said = await room.say(OWNER, "/editors@vestnik_bot", chat, reply_to=words["message_id"])
    assert "Егор" in text_of(said)
    assert await listed(room) == [("Егор", EDITOR)]
    assert len(room.shown(chat)) == before + 1


async def test_a_reply_to_a_forwarded_message_adds_its_author(room: World) -> None:
    await room.say(OWNER, "/start")
    chat = room.sandbox.add_chat("supergroup", title="Редакция", creator=OWNER, members=[EDITOR])["id"]
    words = room.sandbox.send(chat, EDITOR, "Я готов")
    source = {"chat_id": chat, "message_id": words["message_id"]}
    forwarded = room.sandbox.send(OWNER, OWNER, forward_from=source)
    room.sandbox.send(OWNER, OWNER, "/editors", reply_to=forwarded["message_id"])
    await room.answer(OWNER, "Редактор добавлен: Егор")
    assert [user for _, user in await listed(room)] == [EDITOR]


async def test_one_is_taken_off_by_a_button_and_may_send_no_more(room: World) -> None:
    await room.say(EDITOR, "/start")
    await room.say(OWNER, f"/editors {EDITOR}")
    await room.answer(EDITOR, "Что вам можно")
    assert "Пришлите" in text_of(await room.say(EDITOR, "/breaking"))
    page = await room.answer(OWNER, "Редакторы")
    await room.press(OWNER, page, "Егор")
    await room.press(OWNER, await room.changed(page, "Забрать все права"), "Забрать все права")
    await room.changed(page, "Пока никого")
    await room.answer(EDITOR, "больше нет прав")
    assert await listed(room) == []
    assert "только редакторам" in text_of(await room.say(EDITOR, "/breaking"))


async def test_what_is_no_persons_id_is_refused_with_a_hint(room: World) -> None:
    await room.say(OWNER, "/start")
    for words in ("Егор", "@egor", "-100123", "0", "1.5", "9" * 30, "12 13", "<b>12</b>"):
        assert "/id" in text_of(await room.say(OWNER, f"/editors {words}")), words
    assert await listed(room) == []


async def test_answering_ones_own_words_or_the_bots_adds_nobody(room: World) -> None:
    hello = await room.say(OWNER, "/start")
    own = room.sandbox.send(OWNER, OWNER, "просто слова")
    await room.answer(OWNER, "Это новость")
    assert "Пока никого" in text_of(await room.say(OWNER, "/editors", reply_to=own["message_id"]))
    assert "скрывает" in text_of(await room.say(OWNER, "/editors", reply_to=hello["message_id"]))
    assert await listed(room) == []


async def test_editors_and_readers_can_not_add_or_remove_anybody(room: World) -> None:
    await room.say(EDITOR, "/start")
    await room.say(OWNER, f"/editors {EDITOR}")
    page = await room.answer(OWNER, "Редакторы")
    for person, refused in ((EDITOR, "права: выдавать права"), (ANNA, "только владельцам")):
        assert refused in text_of(await room.say(person, f"/editors {ANNA}"))
        own = await room.say(person, "/id")
        assert refused in (await room.forge(person, own, f"editor:{EDITOR}"))["text"]
    assert await listed(room) == [("Егор", EDITOR)]
    assert any("Егор" in each for each in labels(room.again(page)))


async def test_figures_are_for_editors(room: World) -> None:
    assert "только редакторам" in text_of(await room.say(ANNA, "/status"))
    assert "Чаты" in text_of(await room.say(OWNER, "/status"))
