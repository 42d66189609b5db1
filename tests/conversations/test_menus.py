"""Command menus: by language and kind of chat, more for staff, and as a chat's own language has it."""

from __future__ import annotations

from aiogram.types import BotCommandScopeAllGroupChats, BotCommandScopeAllPrivateChats, BotCommandScopeChat

from bot.conversations.menus import describe, set_commands
from bot.desk import staff

BOT, OWNER, EDITOR, ANNA = 700700, 11, 12, 21
EVERYBODY, GROUPS = BotCommandScopeAllPrivateChats(), BotCommandScopeAllGroupChats()


async def menu(room, scope, language: str = "") -> dict[str, str]:
    listed = await room.bot.get_my_commands(scope, language_code=language or None)
    return {each.command: each.description for each in listed}


async def test_menus_differ_by_language_and_kind_of_chat(room) -> None:
    await set_commands(room.bot, room.context)
    russian, english = await menu(room, EVERYBODY, "ru"), await menu(room, EVERYBODY, "en")
    assert russian["topics"] == "Выбрать темы"
    assert english["topics"] == "Choose topics"
    assert await menu(room, EVERYBODY) == russian
    assert {"start", "topics", "latest", "digest", "settings", "help", "stop", "id"} == russian.keys()
    assert "start" not in await menu(room, GROUPS, "ru")
    assert "topics" in await menu(room, GROUPS, "en")


async def test_owners_and_editors_have_more_in_theirs(room) -> None:
    await room.say(OWNER, "/start")
    await room.say(EDITOR, "/start")
    await staff.add(room.db, BOT, EDITOR, "Егор", OWNER, room.clock.now())
    await set_commands(room.bot, room.context)
    owners = await menu(room, BotCommandScopeChat(chat_id=OWNER), "ru")
    editors = await menu(room, BotCommandScopeChat(chat_id=EDITOR), "ru")
    assert {"breaking", "status", "editors"} <= owners.keys()
    assert {"breaking", "status"} <= editors.keys()
    assert "editors" not in editors


async def test_an_owner_who_starts_later_gets_theirs_then(room) -> None:
    await set_commands(room.bot, room.context)
    await room.say(OWNER, "/start")
    assert "breaking" in await menu(room, BotCommandScopeChat(chat_id=OWNER), "en")


async def test_who_switches_the_language_has_the_menu_in_it(room) -> None:
    await set_commands(room.bot, room.context)
    settings = await room.say(ANNA, "/settings")
    await room.press(ANNA, settings, "Язык")
    await room.press(ANNA, await room.changed(settings, "English"), "English")
    await room.changed(settings, "Settings")
    for language in ("", "ru", "en"):
        assert (await menu(room, BotCommandScopeChat(chat_id=ANNA), language))["topics"] == "Choose topics"
    assert "Topics" in (await room.say(ANNA, "/topics"))["text"]


async def test_whoever_opens_the_bot_first_reads_what_it_can_do(room) -> None:
    await describe(room.bot, room.context)
    assert "Вестник Долины" in (await room.bot.get_my_description(language_code="ru")).description
    assert "choose topics" in (await room.bot.get_my_description(language_code="en")).description


async def test_a_description_that_the_operator_wrote_stays(room) -> None:
    await room.bot.set_my_description("Своими словами")
    await describe(room.bot, room.context)
    for language in (None, "ru", "en"):
        assert (await room.bot.get_my_description(language_code=language)).description == "Своими словами"
