"""What nobody should send: forged presses of every verb, garbage, floods. Nothing fails, leaks or goes out.

What takes a right is tried by everybody in `hostile/`.
"""

from __future__ import annotations

import asyncio
import logging
import random

import pytest

from bot.desk import staff
from bot.model.chat import ChatState
from tests.support.messages import text_of
from tests.support.readers import choices
from tests.support.world import World

BOT, OWNER, EDITOR, ANNA, BORIS = 700700, 11, 12, 21, 22
WORLD, ASIA, ECONOMY = 1, 2, 3
TOKEN = "700700:" + "T" * 35

VERBS = (
    *("save", "unsave", "saved", "list:saved", "join", "next", "prev"),
    *(
        "mode",
        "mode:3",
        "mode:3:0:0:0",
        "hush",
        "hush:t3",
        "hush:t3:0:-",
        "hush:f1:0",
        "less",
        "unmute",
        "muted",
    ),
    *("topics", "pick", "full", "brief", "open", "list", "list:latest", "list:digest", "list:more", "more"),
    *(
        "mute",
        "set",
        "leave",
        "stay",
        "flash",
        "flash:to",
        "flash:send",
        "flash:drop",
        "flash:stop",
        "editor",
    ),
    *("desk", "edit", "picks", "src", "setup", "stats", "write", "staff", "audit"),
    *("set:0:language", "set:0:digest", "set:0:zone", "set:0:quiet", "set:0:form", "set:0:size", "set:0:up"),
    *("alerts", "alerts:list", "alerts:ask", "alerts:open", "alerts:pause", "alerts:resume", "alerts:drop"),
    *(
        "alerts:keep",
        "alerts:leave",
        "alerts:these",
        "watch",
        "unwatch",
        "unfollow",
        "followed",
        "list:followed",
    ),
    *("where", "where:of", "where:to", "where:of:3", "where:to:3", "where:to:d", "where:to:f"),
    *("sections", "may", "foot", "channels", "foot:-1001000000001", "may:-1001000000001"),
    *("search", "refine", "list:search", "search:0:n", "refine:0:n", "search:0:n:-:-:0", "find"),
)
GARBAGE = (
    *("", "0", "-1", "1", "x", "999999999999999999", "9223372036854775807", "-1001000000001", "٣", "1:1"),
    *(
        "1:-1",
        "1:x:2",
        "::",
        "a" * 40,
        "../../etc/passwd",
        "<b>",
        "%s",
        "{0}",
        "\u202e",
        "'; drop table chat",
    ),
)


@pytest.fixture
def errors(caplog: pytest.LogCaptureFixture):
    """What was logged as an error by the end of the test: it must be nothing."""
    caplog.set_level(logging.DEBUG)
    yield
    failed = [
        each for each in caplog.records if each.levelno >= logging.ERROR and "fetch updates" not in each.msg
    ]
    assert [each.getMessage() for each in failed] == []


async def pushed(room: World) -> list[str]:
    """Return what the bot has sent to whom so far."""
    return [
        f"{call['chat_id']}: {call['params'].get('text')}"
        for call in room.sandbox.calls(method="sendMessage")
    ]


@pytest.mark.usefixtures("errors")
async def test_every_verb_with_any_argument_is_answered(room: World) -> None:
    hello = await room.say(ANNA, "/start")
    for verb in VERBS:
        for words in GARBAGE:
            data = f"{verb}:{words}" if words else verb
            if len(data.encode()) <= 64:
                assert (await room.forge(ANNA, hello, data))["answered"], data


@pytest.mark.usefixtures("errors")
async def test_random_bytes_for_data_are_answered(room: World) -> None:
    hello = await room.say(ANNA, "/start")
    chance = random.Random(7)
    signs = "abflmopst:0123456789-:: \x00\n\u0301\U0001f600"
    for _ in range(150):
        data = "".join(chance.choice(signs) for _ in range(chance.randint(1, 16)))
        answer = await room.forge(ANNA, hello, data)
        assert answer["answered"], data


@pytest.mark.usefixtures("errors")
async def test_a_reader_who_forges_an_editors_buttons_moves_nothing(room: World) -> None:
    await room.say(BORIS, "/start")
    await room.say(OWNER, "/start")
    room.sandbox.send(OWNER, OWNER, "/breaking Мост закрыт")
    control = await room.answer(OWNER, "Кому")
    hello = await room.say(ANNA, "/start")
    before = text_of(room.again(control))
    for verb in ("to", "send", "drop", "stop", "pause", "resume"):
        for card in range(1, 4):
            answer = await room.forge(ANNA, hello, f"flash:{verb}:{card}:0")
            assert "только редакторам" in answer["text"]
    assert text_of(room.again(control)) == before
    assert not any("Мост закрыт" in each for each in room.texts(BORIS) + room.texts(ANNA))


@pytest.mark.usefixtures("errors")
async def test_a_press_on_a_message_that_is_gone_is_answered_and_still_counts(room: World) -> None:
    page = await room.say(ANNA, "/topics")
    await room.services.client.delete_message(ANNA, page["message_id"])
    answer = await room.forge(ANNA, page, "pick:3:0")
    assert "Экономика" in answer["text"]
    assert await choices(room.db, (await room.chat(ANNA)).id) == {ECONOMY: True}
    assert "/help" in (await room.forge(ANNA, page, "topics:1"))["text"]
    assert "/help" in (await room.forge(ANNA, page, "set"))["text"]


@pytest.mark.usefixtures("errors")
async def test_a_flood_of_presses_is_answered_to_the_last(room: World) -> None:
    page = await room.say(ANNA, "/topics")
    pressed = [room.sandbox.press(ANNA, ANNA, page["message_id"], "pick:3:0", forge=True) for _ in range(60)]
    await room.until(lambda: all(room.sandbox.callback(each)["answered"] for each in pressed))
    assert await choices(room.db, (await room.chat(ANNA)).id) == {}


@pytest.mark.usefixtures("errors")
async def test_enormous_and_odd_words_are_answered(room: World) -> None:
    await room.say(ANNA, "/start")
    huge = "я" * 3900
    for words in (
        *(f"/latest {huge}", f"/zone {huge}", f"/start {huge}", f"/breaking {huge}", huge, "<b>" * 1300),
        *("/latest \u202e<i>", "/latest " + "9" * 200, "/zone ../../../etc/passwd", "/zone ", "/zone /etc"),
        *("/start@vestnik_bot", "/STOP", "/latest\n\n\n5", "😀" * 2000, "/latest " + "😀" * 2000, "/ ", "/"),
        *(f"/follow {huge}", f"/unfollow {huge}", f"/mute {huge}", f"/unmute {huge}", "/mute \u202e<i> week"),
    ):
        assert text_of(await room.say(ANNA, words)), words[:40]
    assert (await room.chat(ANNA)).zone == "Europe/Moscow"


@pytest.mark.usefixtures("errors")
async def test_the_token_in_a_readers_words_comes_back_nowhere_and_is_not_logged(room: World, caplog) -> None:
    await room.say(ANNA, "/start")
    assert TOKEN not in text_of(await room.say(ANNA, TOKEN))
    assert not any(TOKEN in each.getMessage() for each in caplog.records)


@pytest.mark.usefixtures("errors")
async def test_two_who_press_at_once_in_one_group_do_not_cross(room: World) -> None:
    chat = room.sandbox.add_chat("supergroup", title="Соседи", creator=ANNA, members=[BORIS, BOT])["id"]
    hello = await room.answer(chat, "Администраторы")
    answers = await asyncio.gather(
        room.forge(ANNA, hello, "pick:3:0"), *(room.forge(BORIS, hello, f"pick:{at}:0") for at in (1, 2, 3))
    )
    assert "Экономика" in answers[0]["text"]
    assert all("администратор" in each["text"] for each in answers[1:])
    assert await choices(room.db, (await room.chat(chat)).id) == {ECONOMY: True}


@pytest.mark.usefixtures("errors")
async def test_a_stranger_in_private_can_not_speak_for_another(room: World) -> None:
    await room.say(BORIS, "/start")
    await staff.add(room.db, BOT, EDITOR, "Егор", by=OWNER, at=room.clock.now())
    page = await room.say(ANNA, "/topics")
    for data in (f"pick:3:0:{BORIS}", f"topics:0:{BORIS}", f"set:{BORIS}", f"set:{BORIS}:language:en"):
        assert "администратор" in (await room.forge(ANNA, page, data))["text"], data
    assert (await room.chat(BORIS)).state is ChatState.ACTIVE
    assert (await room.chat(BORIS)).language == "ru"


@pytest.mark.usefixtures("errors")
async def test_an_update_that_can_not_be_read_does_not_silence_the_bot(room: World) -> None:
    await room.say(ANNA, "/start")
    room.sandbox.fault("undecodable", times=1)
    room.sandbox.send(ANNA, ANNA, "/id")
    assert str(BORIS) in text_of(await room.say(BORIS, "/id"))


@pytest.mark.usefixtures("errors")
async def test_an_answer_that_telegram_refuses_for_haste_comes_a_little_later(room: World) -> None:
    page = await room.say(ANNA, "/topics")
    room.sandbox.fault("429", match={"method": "editMessageText"}, retry_after=1, scope="chat")
    await room.press(ANNA, page, "Экономика")
    await room.changed(page, "✅ Экономика")
