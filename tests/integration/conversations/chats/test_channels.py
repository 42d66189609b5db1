"""Channels: whoever made the bot administrator chooses the topics, in private."""

from __future__ import annotations

from bot.model.chat import ChatState
from tests.support.messages import text_of
from tests.support.readers import choices
from tests.support.world import World

BOT, ANNA, BORIS, JAMES = 700700, 21, 22, 23
WORLD, ASIA, ECONOMY = 1, 2, 3


async def chosen(room: World, chat: int) -> dict[int, bool]:
    return await choices(room.db, (await room.chat(chat)).id)


def channel(room: World, title: str = "Долина", creator: int = ANNA) -> int:
    return room.sandbox.add_chat("channel", title=title, creator=creator, members=[BOT])["id"]


async def test_whoever_promoted_the_bot_chooses_in_private(room: World) -> None:
    await room.say(ANNA, "/start")
    made = channel(room, "<b>Долина</b>")
    hello = await room.answer(ANNA, "<b>Долина</b>")
    answer = await room.press(ANNA, hello, "Экономика")
    assert "Экономика" in answer["text"]
    page = await room.changed(hello, "✅ Экономика")
    assert "«<b>Долина</b>»" in text_of(page)
    assert await chosen(room, made) == {ECONOMY: True}
    assert await chosen(room, ANNA) == {}
    assert room.shown(made) == []


async def test_who_never_spoke_with_the_bot_is_told_at_the_start(room: World) -> None:
    made = channel(room)
    await room.settled(made, ChatState.ACTIVE, "")
    room.sandbox.send(ANNA, ANNA, "/start")
    hello = await room.answer(ANNA, "Долина")
    await room.press(ANNA, hello, "Мир")
    await room.changed(hello, "✅ Мир")
    assert await chosen(room, made) == {WORLD: True}


async def test_another_persons_channel_is_not_theirs_to_choose_for(room: World) -> None:
    await room.say(ANNA, "/start")
    made = channel(room)
    await room.answer(ANNA, "Долина")
    page = await room.say(BORIS, "/topics")
    for data in (f"pick:3:0:{made}", f"topics:0:{made}", f"set:{made}", f"set:{made}:language:en"):
        answer = await room.forge(BORIS, page, data)
        assert "администратор" in answer["text"], data
    assert await chosen(room, made) == {}
    assert (await room.chat(made)).language == "ru"


async def test_who_lost_the_channel_can_choose_no_more(room: World) -> None:
    await room.say(ANNA, "/start")
    made = channel(room)
    hello = await room.answer(ANNA, "Долина")
    room.sandbox.set_member(made, ANNA, "left", by=ANNA)
    assert "администратор" in (await room.press(ANNA, hello, "Мир"))["text"]
    assert await chosen(room, made) == {}


async def test_a_channel_that_takes_the_right_to_post_away_is_not_written_to(room: World) -> None:
    await room.say(ANNA, "/start")
    made = channel(room)
    hello = await room.answer(ANNA, "Долина")
    room.sandbox.set_member(made, BOT, "administrator", by=ANNA, rights={"can_post_messages": False})
    await room.settled(made, ChatState.BLOCKED, "no-rights")
    assert "устарела" in (await room.press(ANNA, hello, "Мир"))["text"]
    room.sandbox.set_member(made, BOT, "administrator", by=ANNA)
    await room.settled(made, ChatState.ACTIVE, "")
    room.sandbox.set_member(made, BOT, "left", by=ANNA)
    await room.settled(made, ChatState.BLOCKED, "left")


async def test_posts_of_the_channel_itself_are_not_answered(room: World) -> None:
    await room.say(ANNA, "/start")
    made = channel(room)
    await room.answer(ANNA, "Долина")
    room.sandbox.send(made, ANNA, "/topics")
    await room.say(ANNA, "/id")
    assert [text_of(each) for each in room.sandbox.messages(made)] == ["/topics"]


async def test_a_subscribers_forged_press_changes_no_post(room: World) -> None:
    await room.say(ANNA, "/start")
    made = channel(room)
    await room.answer(ANNA, "Долина")
    article = await room.story("Мост открыт", ECONOMY, text="Подробности. " * 120)
    post = await room.services.client.send_message(made, "Мост открыт")
    standing = {"chat": {"id": made}, "message_id": post.message_id}
    for data in (
        f"full:{article}:0",
        f"brief:{article}",
        "list:latest:0:5",
        "list:digest:1",
        "topics:0",
        "set",
    ):
        answer = await room.forge(JAMES, standing, data)
        assert "out of date" in answer["text"] or "устарела" in answer["text"], data
    assert text_of(room.sandbox.messages(made)[-1]) == "Мост открыт"
