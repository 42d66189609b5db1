"""Many updates at once: each chat is answered in order, none waits for another, a flood is cut off politely."""

from __future__ import annotations

import json
import re

import pytest

from bot.conversations.routers import ROUTERS
from tests.support.figures import figure
from tests.support.messages import data_of, labels, plain, text_of
from tests.support.people import ANNA, BORIS, JAMES, OWNER
from tests.support.world import BOT, World

COMMANDS = ("/topics", "/id", "/settings", "/help", "/latest", "/zone Asia/Bishkek", "/digest", "/stop")
THOUSAND = 1000


def dropped() -> int:
    return int(figure("vestnik_updates_dropped_total"))


def without_time(text: str) -> str:
    return re.sub(r"\d\d:\d\d", "", text)


async def test_commands_that_come_at_once_are_answered_in_the_order_in_which_they_came(room: World) -> None:
    for person in (ANNA, BORIS):
        await room.say(person, "/start")
    one_by_one = [plain(await room.say(BORIS, command)) for command in COMMANDS]
    before = len(room.shown(ANNA))
    for command in COMMANDS:
        room.sandbox.send(ANNA, ANNA, command)
    await room.until(lambda: len(room.shown(ANNA)) == before + len(COMMANDS))
    answers = [without_time(text) for text in room.texts(ANNA)[before:]]
    assert answers == [without_time(text).replace(str(BORIS), str(ANNA)) for text in one_by_one]
    assert len({*one_by_one}) == len(COMMANDS)


async def test_two_fast_presses_change_the_buttons_once_each_and_in_order(room: World) -> None:
    page = await room.say(ANNA, "/topics")
    called = len(room.sandbox.calls())
    pressed = [
        room.sandbox.press(ANNA, ANNA, page["message_id"], data_of(page, label) or "")
        for label in ("Экономика", "Мир")
    ]
    await room.until(lambda: all(room.sandbox.callback(each)["answered"] for each in pressed))
    await room.changed(page, "✅ Мир")
    edits = [call for call in room.sandbox.calls()[called:] if call["method"].startswith("editMessage")]
    ticked = [str(json.loads(call["params"]["reply_markup"])).count("✅") for call in edits]
    assert ticked == [1, 2]
    assert {"✅ Мир", "✅ Экономика"} <= {*labels(room.again(page))}


@pytest.mark.usefixtures("room")
async def test_no_filter_sends_an_update_through_a_thread() -> None:
    observers = [each for router in ROUTERS for each in router.observers.values()]
    filters = [each for one in observers for handler in one.handlers for each in handler.filters or ()]
    assert filters
    assert all(each.awaitable for each in filters)


async def test_a_chat_that_is_answered_slowly_holds_up_no_other(room: World) -> None:
    room.sandbox.fault("hang", match={"method": "sendMessage", "chat_id": ANNA}, seconds=3_600)
    for command in ("/id", "/help"):
        room.sandbox.send(ANNA, ANNA, command)
    assert str(BORIS) in text_of(await room.say(BORIS, "/id"))
    assert room.texts(ANNA) == []
    room.sandbox.clear_faults()


async def test_what_comes_behind_an_album_is_answered_behind_it(room: World) -> None:
    await room.say(OWNER, "/breaking")
    for caption in ("", "Дым над портом", ""):
        room.sandbox.send(OWNER, OWNER, "", photo=True, caption=caption, media_group="album")
    room.sandbox.send(OWNER, OWNER, "/id")
    assert str(BORIS) in text_of(await room.say(BORIS, "/id"))
    await room.answer(OWNER, f"Вы: {OWNER}")
    preview, _, answer = room.shown(OWNER)[-3:]
    assert "Дым над портом" in text_of(preview)
    assert str(OWNER) in text_of(answer)


async def test_a_thousand_messages_hold_up_nobody_and_get_one_polite_word(room: World) -> None:
    for person in (ANNA, BORIS, JAMES):
        await room.say(person, "/start")
    before, answered = dropped(), len(room.shown(JAMES))
    for _ in range(THOUSAND):
        room.sandbox.send(JAMES, JAMES, "/id")
    assert str(BORIS) in text_of(await room.say(BORIS, "/id"))
    await room.until(lambda: not len(room.sandbox.bot(BOT).updates))
    taken = THOUSAND - (dropped() - before)
    assert 64 <= taken < THOUSAND
    await room.until(lambda: len(room.shown(JAMES)) == answered + taken + 1)
    said = room.texts(JAMES)[answered:]
    assert len([text for text in said if "Too many messages at once" in text]) == 1
    assert str(JAMES) in text_of(await room.say(JAMES, "/id")), "heard again as soon as there is room"
    assert "Этот чат" in text_of(await room.say(ANNA, "/id"))


async def test_a_press_too_many_is_told_as_its_answer(room: World) -> None:
    page = await room.say(ANNA, "/topics")
    before = dropped()
    pressed = [room.sandbox.press(ANNA, ANNA, page["message_id"], "pick:3:0", forge=True) for _ in range(200)]
    await room.until(lambda: not len(room.sandbox.bot(BOT).updates))
    left_out = dropped() - before
    await room.until(
        lambda: sum(bool(room.sandbox.callback(each)["answered"]) for each in pressed) == 201 - left_out
    )
    told = [each for each in map(room.sandbox.callback, pressed) if "Слишком много" in each.get("text", "")]
    assert len(told) == 1
    assert told[0]["show_alert"]
