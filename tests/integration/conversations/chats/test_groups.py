"""Groups: administrators choose, asked at each press; threads, upgrades, comings and goings."""

from __future__ import annotations

import pytest
from aiogram.types import BotCommand

from bot.model.chat import ChatState
from bot.readers import membership
from bot.sandbox.methods import HANDLERS
from bot.sandbox.methods.call import Call
from tests.support.messages import labels, text_of
from tests.support.readers import choices
from tests.support.world import World

BOT, ANNA, BORIS, JAMES = 700700, 21, 22, 23
WORLD, ASIA, ECONOMY = 1, 2, 3
MANAGING = (
    *("topics", "settings", "stop", "start", "zone Asia/Bishkek"),
    *("follow экономика", "unfollow экономика", "mute экономика на неделю", "unmute экономика", "muted"),
)
FORGED = (
    *("pick:3:0", "topics:1", "set", "set:0:language", "set:0:language:en", "leave", "stay", "mute:1:3"),
    *("mode:3:0:0:0:3", "mode:0:0:0:0:3", "hush:t3:0:-:week", "unmute:t3:0", "muted:0:0", "less:1"),
)


async def chosen(room: World, chat: int) -> dict[int, bool]:
    return await choices(room.db, (await room.chat(chat)).id)


async def group(room: World, kind: str = "supergroup", title: str = "Соседи", **options) -> tuple[int, dict]:
    """Make a group of Anna's with Boris in it, add the bot, and return its greeting there."""
    made = room.sandbox.add_chat(kind, title=title, creator=ANNA, members=[BORIS, BOT], **options)
    return made["id"], await room.answer(made["id"], "Администраторы")


async def test_a_group_is_offered_topics_and_its_administrator_chooses(room: World) -> None:
    chat, hello = await group(room, title="<b>Соседи</b> & Co")
    answer = await room.press(ANNA, hello, "Экономика")
    assert "Экономика" in answer["text"]
    await room.changed(hello, "✅ Экономика")
    assert await chosen(room, chat) == {ECONOMY: True}
    assert (await room.chat(chat)).title == "<b>Соседи</b> & Co"
    assert (await room.chat(chat)).invited_by == ANNA


async def test_a_member_can_change_nothing_also_with_forged_buttons(room: World) -> None:
    chat, hello = await group(room)
    before = len(room.shown(chat))
    for data in FORGED:
        answer = await room.forge(BORIS, hello, data)
        assert "администратор" in answer["text"], data
        assert answer["show_alert"]
    assert await chosen(room, chat) == {}
    assert (await room.chat(chat)).language == "ru"
    assert (await room.chat(chat)).state is ChatState.ACTIVE
    assert len(room.shown(chat)) == before
    assert text_of(room.again(hello)) == text_of(hello)


async def test_a_members_commands_that_change_something_are_refused(room: World) -> None:
    chat, _ = await group(room)
    room.sandbox.set_member(chat, BOT, "administrator", by=ANNA)
    before = room.shown(chat)
    for command in MANAGING:
        name, _, words = command.partition(" ")
        said = text_of(await room.refused(BORIS, f"/{name}@vestnik_bot {words}", chat))
        assert "администратор" in said, command
    assert room.shown(chat) == before
    assert room.sandbox.ephemeral(chat, ANNA) == []
    assert "Пока новостей нет" in text_of(await room.say(BORIS, "/latest@vestnik_bot", chat))


async def test_a_member_is_refused_in_private_where_the_bot_is_no_administrator(room: World) -> None:
    chat, _ = await group(room)
    await room.say(BORIS, "/start")
    await room.say(BORIS, "/settings")
    await room.press_newest(BORIS, "Язык")
    await room.press_newest(BORIS, "English")
    await room.answer(BORIS, "Settings")
    before = room.shown(chat)
    for command in MANAGING:
        name, _, words = command.partition(" ")
        known = len(room.shown(BORIS))
        room.send(BORIS, f"/{name}@vestnik_bot {words}", chat)
        await room.until(lambda known=known: len(room.shown(BORIS)) > known)
        said = text_of(room.shown(BORIS)[-1])
        assert said == "Соседи: Only administrators of this chat can change that."
    assert room.shown(chat) == before


async def test_a_member_who_never_wrote_to_the_bot_is_refused_in_silence(room: World) -> None:
    chat, _ = await group(room)
    for command in MANAGING:
        name, _, words = command.partition(" ")
        await room.silent(BORIS, f"/{name}@vestnik_bot {words}", chat)
    assert room.shown(BORIS) == []


async def test_a_refusal_comes_into_the_thread_where_it_was_asked_for(room: World) -> None:
    chat, _ = await group(room, is_forum=True)
    room.sandbox.set_member(chat, BOT, "administrator", by=ANNA)
    thread = room.sandbox.add_thread(chat, "Новости")
    room.send(BORIS, "/topics@vestnik_bot", chat, thread_id=thread)
    await room.until(lambda: room.sandbox.ephemeral(chat, BORIS))
    assert room.sandbox.ephemeral(chat, BORIS)[0]["message_thread_id"] == thread


async def test_an_ephemeral_command_is_refused_by_an_answer_to_it(room: World) -> None:
    chat, _ = await group(room)
    about = [{"command": "topics", "description": "Темы", "is_ephemeral": True}]
    await room.services.client.set_my_commands([BotCommand(**each) for each in about])
    room.sandbox.command(chat, BORIS, "/topics@vestnik_bot")
    await room.until(lambda: room.sandbox.ephemeral(chat, BORIS))
    assert "администратор" in text_of(room.sandbox.ephemeral(chat, BORIS)[0])


async def test_an_older_server_that_makes_a_refusal_public_is_found_out(
    room: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    chat, _ = await group(room)
    before = room.shown(chat)
    newer = HANDLERS["sendmessage"]

    def older(call: Call) -> object:
        call.params.values.pop("ephemeral_message_parameters", None)
        return newer(call)

    monkeypatch.setitem(HANDLERS, "sendmessage", older)
    room.send(BORIS, "/topics@vestnik_bot", chat)
    await room.until(lambda: room.sandbox.calls(method="deleteMessage"))
    assert room.shown(chat) == before


async def test_an_anonymous_administrator_is_nobody_to_be_refused_aloud(room: World) -> None:
    chat, _ = await group(room)
    room.sandbox.set_member(chat, BOT, "administrator", by=ANNA)
    before = len(room.shown(chat))
    command = "/status@vestnik_bot"
    room.sandbox.send(chat, ANNA, command, anonymous=True)
    answer = await room.answer(chat, command)
    await room.say(ANNA, "/id@vestnik_bot", chat)
    assert room.shown(chat)[before] == answer
    assert len(room.shown(chat)) == before + 2, "the command, and the answer to /id"


async def test_who_is_no_administrator_any_more_is_refused_at_the_next_press(room: World) -> None:
    chat, hello = await group(room)
    room.sandbox.set_member(chat, BORIS, "administrator", by=ANNA)
    await room.press(BORIS, hello, "Экономика")
    assert await chosen(room, chat) == {ECONOMY: True}
    room.sandbox.set_member(chat, BORIS, "member", by=ANNA)
    answer = await room.forge(BORIS, hello, "pick:1:0")
    assert "администратор" in answer["text"]
    assert await chosen(room, chat) == {ECONOMY: True}


async def test_an_anonymous_administrator_speaks_as_the_group(room: World) -> None:
    chat, _ = await group(room)
    room.sandbox.send(chat, ANNA, "/settings@vestnik_bot", anonymous=True)
    await room.answer(chat, "Настройки")


async def test_a_story_is_read_in_place_by_any_member(room: World) -> None:
    chat, _ = await group(room)
    article = await room.story("Мост открыт", ECONOMY, text="Подробности. " * 120)
    brief = await room.say(BORIS, f"/start@vestnik_bot a-{article}", chat)
    assert "Мост открыт" in text_of(brief)
    await room.press(BORIS, brief, "Читать полностью")
    await room.until(lambda: "Подробности" in str(room.again(brief).get("rich_message")))


async def test_a_members_forged_press_overwrites_nothing(room: World) -> None:
    _, hello = await group(room)
    at = await room.story("Мост открыт", ECONOMY, text="Подробности. " * 120)
    for data in (f"brief:{at}", f"full:{at}:0", f"open:{at}:latest:0:5", f"rich:{at}:0", "list:latest:0:5"):
        assert "устарела" in (await room.forge(BORIS, hello, data))["text"], data
    assert text_of(room.again(hello)) == text_of(hello)


async def test_in_a_forum_the_thread_where_it_was_asked_first_is_where_it_posts(room: World) -> None:
    chat, _ = await group(room, is_forum=True)
    thread = room.sandbox.add_thread(chat, "Новости")
    page = await room.say(ANNA, "/topics@vestnik_bot", chat, thread_id=thread)
    assert page["message_thread_id"] == thread
    await room.press(ANNA, page, "Экономика")
    await room.changed(page, "✅ Экономика")
    assert (await room.chat(chat)).thread_id == thread
    page = await room.say(ANNA, "/topics@vestnik_bot", chat)
    assert "message_thread_id" not in page
    assert any("Экономика → Новости" in label for label in labels(page))
    assert (await room.chat(chat)).thread_id == thread


async def test_questions_are_answered_in_the_thread_where_they_were_asked(room: World) -> None:
    chat, _ = await group(room, is_forum=True)
    thread = room.sandbox.add_thread(chat, "Новости")
    article = await room.story("Мост открыт", ECONOMY, ASIA)
    for words in (
        "latest",
        "latest нет-такой",
        "digest",
        "settings",
        "help",
        "id",
        "stop",
        f"start a-{article}",
    ):
        name, _, rest = words.partition(" ")
        said = await room.say(ANNA, f"/{name}@vestnik_bot {rest}", chat, thread_id=thread)
        assert said["message_thread_id"] == thread, words
    brief = await room.answer(chat, "Мост открыт")
    await room.press(ANNA, brief, "Меньше такого")
    assert (await room.answer(chat, "Что больше не присылать"))["message_thread_id"] == thread


async def test_a_group_that_becomes_a_supergroup_keeps_its_topics(room: World) -> None:
    chat, hello = await group(room, kind="group")
    await room.press(ANNA, hello, "Экономика")
    new = room.sandbox.upgrade(chat)
    page = await room.say(ANNA, "/topics@vestnik_bot", new)
    await room.changed(page, "✅ Экономика")
    assert await chosen(room, new) == {ECONOMY: True}
    assert (await room.chat(new)).state is ChatState.ACTIVE
    assert await membership.find(room.db, BOT, chat) is None


async def test_a_press_that_comes_after_the_upgrade_is_answered(room: World) -> None:
    chat, hello = await group(room, kind="group")
    new = room.sandbox.upgrade(chat)
    await room.say(ANNA, "/topics@vestnik_bot", new)
    answer = await room.forge(ANNA, hello, "topics:1")
    assert answer["text"]


async def test_a_bot_that_is_removed_or_silenced_knows_it(room: World) -> None:
    chat, _ = await group(room)
    for status, rights, state, reason in (
        ("restricted", {"can_send_messages": False}, ChatState.BLOCKED, "no-rights"),
        ("member", None, ChatState.ACTIVE, ""),
        ("kicked", None, ChatState.BLOCKED, "kicked"),
        ("administrator", None, ChatState.ACTIVE, ""),
        ("left", None, ChatState.BLOCKED, "left"),
    ):
        room.sandbox.set_member(chat, BOT, status, by=ANNA, rights=rights)
        await room.settled(chat, state, reason)


async def test_words_of_a_group_that_are_not_for_the_bot_are_let_alone(room: World) -> None:
    chat, _ = await group(room)
    room.sandbox.bot().privacy = False
    await room.silent(BORIS, "что нового?", chat)
    await room.silent(BORIS, "/topics@other_bot", chat)
    await room.silent(BORIS, "/nonsense", chat)


async def test_editors_and_figures_are_not_spoken_of_in_a_group(room: World) -> None:
    chat, _ = await group(room)
    owner = 11
    room.sandbox.set_member(chat, owner, "member", by=ANNA)
    room.sandbox.set_member(chat, BOT, "administrator", by=ANNA)
    for command in ("editors", "status", "breaking Мост закрыт"):
        name, _, words = command.partition(" ")
        said = text_of(await room.refused(owner, f"/{name}@vestnik_bot {words}", chat))
        assert "в личные сообщения" in said, command
    assert "/breaking" not in text_of(await room.say(owner, "/help@vestnik_bot", chat))
