"""Groups: administrators choose, asked at each press; threads, upgrades, comings and goings."""

from __future__ import annotations

from bot.model.chat import ChatState
from bot.readers import membership, topics

BOT, ANNA, BORIS, JAMES = 700700, 21, 22, 23
WORLD, ASIA, ECONOMY = 1, 2, 3
FORGED = ("pick:3:0", "topics:1", "set", "set:0:language", "set:0:language:en", "leave", "stay", "mute:1:3")


def text_of(message) -> str:
    return message.get("text") or message.get("caption") or ""


async def chosen(room, chat: int) -> dict[int, bool]:
    return (await topics.choices(room.db, (await room.chat(chat)).id))[1]


async def group(room, kind: str = "supergroup", title: str = "Соседи", **options) -> tuple[int, dict]:
    """Make a group of Anna's with Boris in it, add the bot, and return its greeting there."""
    made = room.sandbox.add_chat(kind, title=title, creator=ANNA, members=[BORIS, BOT], **options)
    return made["id"], await room.seen(made["id"], "Администраторы")


async def test_a_group_is_offered_topics_and_its_administrator_chooses(room) -> None:
    chat, hello = await group(room, title="<b>Соседи</b> & Co")
    answer = await room.press(ANNA, hello, "Экономика")
    assert "Экономика" in answer["text"]
    await room.changed(hello, "✅ Экономика")
    assert await chosen(room, chat) == {ECONOMY: True}
    assert (await room.chat(chat)).title == "<b>Соседи</b> & Co"
    assert (await room.chat(chat)).invited_by == ANNA


async def test_a_member_can_change_nothing_also_with_forged_buttons(room) -> None:
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


async def test_a_members_commands_that_change_something_are_refused(room) -> None:
    chat, _ = await group(room)
    for command in ("topics", "settings", "stop", "start", "zone Asia/Bishkek"):
        name, _, words = command.partition(" ")
        said = text_of(await room.say(BORIS, f"/{name}@vestnik_bot {words}", chat))
        assert "администратор" in said, command
    assert "Пока ничего нет" in text_of(await room.say(BORIS, "/latest@vestnik_bot", chat))


async def test_who_is_no_administrator_any_more_is_refused_at_the_next_press(room) -> None:
    chat, hello = await group(room)
    room.sandbox.set_member(chat, BORIS, "administrator", by=ANNA)
    await room.press(BORIS, hello, "Экономика")
    assert await chosen(room, chat) == {ECONOMY: True}
    room.sandbox.set_member(chat, BORIS, "member", by=ANNA)
    answer = await room.forge(BORIS, hello, "pick:1:0")
    assert "администратор" in answer["text"]
    assert await chosen(room, chat) == {ECONOMY: True}


async def test_an_anonymous_administrator_speaks_as_the_group(room) -> None:
    chat, _ = await group(room)
    room.sandbox.send(chat, ANNA, "/settings@vestnik_bot", anonymous=True)
    await room.seen(chat, "Настройки")


async def test_a_story_is_read_in_place_by_any_member(room) -> None:
    chat, _ = await group(room)
    article = await room.story("Мост открыт", ECONOMY, text="Подробности. " * 120)
    brief = await room.say(BORIS, f"/start@vestnik_bot a-{article}", chat)
    assert "Мост открыт" in text_of(brief)
    await room.press(BORIS, brief, "Читать полностью")
    await room.until(lambda: "Подробности" in str(room.again(brief).get("rich_message")))


async def test_in_a_forum_the_thread_where_it_was_asked_is_where_it_posts(room) -> None:
    chat, _ = await group(room, is_forum=True)
    thread = room.sandbox.add_thread(chat, "Новости")
    page = await room.say(ANNA, "/topics@vestnik_bot", chat, thread_id=thread)
    assert page["message_thread_id"] == thread
    await room.press(ANNA, page, "Экономика")
    await room.changed(page, "✅ Экономика")
    assert (await room.chat(chat)).thread_id == thread
    page = await room.say(ANNA, "/topics@vestnik_bot", chat)
    assert "message_thread_id" not in page
    assert (await room.chat(chat)).thread_id is None


async def test_questions_are_answered_in_the_thread_where_they_were_asked(room) -> None:
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
    brief = await room.seen(chat, "Мост открыт")
    await room.press(ANNA, brief, "Отключить тему")
    assert (await room.seen(chat, "Какую тему"))["message_thread_id"] == thread


async def test_a_group_that_becomes_a_supergroup_keeps_its_topics(room) -> None:
    chat, hello = await group(room, kind="group")
    await room.press(ANNA, hello, "Экономика")
    new = room.sandbox.upgrade(chat)
    page = await room.say(ANNA, "/topics@vestnik_bot", new)
    await room.changed(page, "✅ Экономика")
    assert await chosen(room, new) == {ECONOMY: True}
    assert (await room.chat(new)).state is ChatState.ACTIVE
    assert await membership.find(room.db, BOT, chat) is None


async def test_a_press_that_comes_after_the_upgrade_is_answered(room) -> None:
    chat, hello = await group(room, kind="group")
    new = room.sandbox.upgrade(chat)
    await room.say(ANNA, "/topics@vestnik_bot", new)
    answer = await room.forge(ANNA, hello, "topics:1")
    assert answer["text"]


async def test_a_bot_that_is_removed_or_silenced_knows_it(room) -> None:
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


async def test_words_of_a_group_that_are_not_for_the_bot_are_let_alone(room) -> None:
    chat, _ = await group(room)
    room.sandbox.bot().privacy = False
    await room.silent(BORIS, "что нового?", chat)
    await room.silent(BORIS, "/topics@other_bot", chat)
    await room.silent(BORIS, "/nonsense", chat)


async def test_editors_and_figures_are_not_spoken_of_in_a_group(room) -> None:
    chat, _ = await group(room)
    owner = 11
    room.sandbox.set_member(chat, owner, "member", by=ANNA)
    for command in ("editors", "status", "breaking Мост закрыт"):
        name, _, words = command.partition(" ")
        said = text_of(await room.say(owner, f"/{name}@vestnik_bot {words}", chat))
        assert "в личные сообщения" in said, command
    assert "/breaking" not in text_of(await room.say(owner, "/help@vestnik_bot", chat))
