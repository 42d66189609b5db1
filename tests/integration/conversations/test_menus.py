"""Command menus: by language and kind of chat, more for staff, and as a chat's own language has it."""

from __future__ import annotations

from dataclasses import replace

import pytest
from aiogram.types import BotCommandScopeAllGroupChats, BotCommandScopeAllPrivateChats, BotCommandScopeChat

from bot.conversations.menus import describe, set_commands
from bot.desk import staff
from bot.rendering.check import checked_templates
from bot.rendering.talk import Talk
from tests.support.messages import plain
from tests.support.world import World

BOT, OWNER, EDITOR, ANNA, JAMES = 700700, 11, 12, 21, 23
EVERYBODY, GROUPS = BotCommandScopeAllPrivateChats(), BotCommandScopeAllGroupChats()


async def menu(room: World, scope, language: str = "") -> dict[str, str]:
    listed = await room.services.client.get_my_commands(scope, language_code=language or None)
    return {each.command: each.description for each in listed}


async def test_menus_differ_by_language_and_kind_of_chat(room: World) -> None:
    await set_commands(room.services)
    russian, english = await menu(room, EVERYBODY, "ru"), await menu(room, EVERYBODY, "en")
    assert russian["topics"] == "Выбрать темы"
    assert english["topics"] == "Choose topics"
    assert await menu(room, EVERYBODY) == russian
    assert {
        "start",
        "topics",
        "latest",
        "search",
        "digest",
        "saved",
        "mute",
        "alerts",
        "following",
        "settings",
        "channels",
        "pause",
        "help",
        "mydata",
        "stop",
        "id",
    } == russian.keys()
    assert "start" not in await menu(room, GROUPS, "ru")
    assert {"topics", "search", "mute"} <= (await menu(room, GROUPS, "en")).keys()


async def test_owners_and_editors_have_more_in_theirs(room: World) -> None:
    await room.say(OWNER, "/start")
    await room.say(EDITOR, "/start")
    await staff.add(room.db, BOT, EDITOR, "Егор", by=OWNER, at=room.clock.now())
    await set_commands(room.services)
    owners = await menu(room, BotCommandScopeChat(chat_id=OWNER), "ru")
    editors = await menu(room, BotCommandScopeChat(chat_id=EDITOR), "ru")
    assert {"breaking", "status", "editors"} <= owners.keys()
    assert {"breaking", "status"} <= editors.keys()
    assert "editors" not in editors


async def test_who_is_no_owner_any_more_loses_the_menu_at_the_next_start(room: World) -> None:
    await room.say(OWNER, "/start")
    await set_commands(room.services)
    bot = replace(room.services.bot, owner_ids=frozenset({EDITOR}))
    await set_commands(replace(room.services, bot=bot))
    assert "editors" in await menu(room, BotCommandScopeChat(chat_id=EDITOR), "ru")
    assert {"breaking", "status", "editors"}.isdisjoint(
        await menu(room, BotCommandScopeChat(chat_id=OWNER), "ru")
    )


async def test_an_owner_who_starts_later_gets_theirs_then(room: World) -> None:
    await set_commands(room.services)
    await room.say(OWNER, "/start")
    assert "breaking" in await menu(room, BotCommandScopeChat(chat_id=OWNER), "en")


async def test_who_switches_the_language_has_the_menu_in_it(room: World) -> None:
    await set_commands(room.services)
    settings = await room.say(ANNA, "/settings")
    await room.press(ANNA, settings, "Язык")
    await room.press(ANNA, await room.changed(settings, "English"), "English")
    await room.changed(settings, "Settings")
    for language in ("", "ru", "en"):
        assert (await menu(room, BotCommandScopeChat(chat_id=ANNA), language))["topics"] == "Choose topics"
    assert "Topics" in (await room.say(ANNA, "/topics"))["text"]


async def test_whoever_opens_the_bot_first_reads_what_it_can_do(room: World) -> None:
    await describe(room.services)
    assert "Вестник Долины" in (await room.services.client.get_my_description(language_code="ru")).description
    assert (
        "news on your topics"
        in (await room.services.client.get_my_description(language_code="en")).description
    )


@pytest.mark.parametrize(("language", "user"), [("ru", ANNA), ("en", JAMES)])
async def test_name_description_and_greeting_agree_in_each_language(
    room: World, language: str, user: int
) -> None:
    names = {"ru": "Вестник Долины", "en": "Valley Herald"}
    room.services = replace(room.services, talk=Talk(checked_templates(agency="Vestnik", names=names)))
    await describe(room.services)
    client, talk = room.services.client, room.services.talk
    assert (await client.get_my_name(language_code=language)).name == names[language]
    short = (await client.get_my_short_description(language_code=language)).short_description
    whole = (await client.get_my_description(language_code=language)).description
    assert whole.startswith(short)
    greeting = (
        talk.say("start", language, name="", setup=False, stale=False)
        .replace("\u00a0", " ")
        .replace("<b>", "")
        .replace("</b>", "")
    )
    assert names[language] in greeting
    promise = short.removeprefix(f"{names[language]}: ")
    assert promise != short
    assert promise in greeting
    assert promise in plain(await room.say(user, "/start"))


async def test_a_name_is_told_once_and_an_only_one_is_left_to_botfather(room: World) -> None:
    await describe(room.services)
    assert room.sandbox.calls(method="setMyName") == []
    names = {"ru": "Вестник Долины"}
    named = replace(room.services, talk=Talk(checked_templates(names=names)))
    for _ in range(2):
        await describe(named)
    assert len(room.sandbox.calls(method="setMyName")) == 1


async def test_a_short_description_that_the_operator_wrote_stays(room: World) -> None:
    await room.services.client.set_my_short_description("Своими словами", language_code="en")
    await describe(room.services)
    client = room.services.client
    assert (await client.get_my_short_description()).short_description == ""
    assert (await client.get_my_description(language_code="ru")).description


async def test_a_description_that_the_operator_wrote_stays(room: World) -> None:
    await room.services.client.set_my_description("Своими словами")
    await describe(room.services)
    for language in (None, "ru", "en"):
        assert (
            await room.services.client.get_my_description(language_code=language)
        ).description == "Своими словами"
