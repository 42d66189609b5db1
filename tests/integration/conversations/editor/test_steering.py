"""Nothing stands in the way of an editor's press: slow is how a chat is shown something, never what is decided."""

from __future__ import annotations

import pytest

from bot.desk import breaking
from bot.desk.breaking import CardPush
from tests.support.messages import Message, data_of, labels, text_of
from tests.support.people import OWNER
from tests.support.world import BOT, World

HELD_SECONDS = 3_600
"""What is shown late waits until the test drops the fault."""


@pytest.fixture
async def control(room: World) -> Message:
    """The controls of a card that can be sent."""
    await room.say(OWNER, "/start")
    room.send(OWNER, "/breaking Мост закрыт до утра")
    await room.answer(OWNER, "Кому")
    # What is said next is answered when the card's messages are noted.
    await room.say(OWNER, "/id")
    return await room.answer(OWNER, "Кому")


def press(room: World, control: Message, verb: str) -> str:
    """Press a button of the card, also one that another page of the card has; return the press."""
    data = data_of(control, "Отправить")
    assert data
    verb_data = data.replace("send", verb)
    return room.sandbox.press(OWNER, OWNER, control["message_id"], verb_data, forge=True)


async def answered(room: World, *pressed: str) -> None:
    for each in pressed:
        await room.until(lambda each=each: room.answered(each))


async def push(room: World) -> CardPush:
    return (await breaking.under_way(room.db, BOT))[0]


def slowly(room: World, method: str) -> None:
    """Let the owner's chat be shown things of a kind late."""
    match = {"method": method, "chat_id": OWNER}
    room.sandbox.fault("slow", match=match, seconds=HELD_SECONDS, times=None)


async def test_a_stop_right_after_the_send_does_not_wait_for_the_progress(
    room: World, control: Message
) -> None:
    slowly(room, "sendMessage")
    before = room.shown(OWNER)
    await answered(room, press(room, control, "sure"), press(room, control, "stop"))
    assert (await push(room)).progress.stopped
    assert room.shown(OWNER) == before, "nothing of the push is shown yet"
    room.sandbox.clear_faults()
    assert labels(await room.answer(OWNER, "Остановлено")) == []


async def test_a_stop_while_the_progress_is_being_shown_stands_there_in_the_end(
    room: World, control: Message
) -> None:
    slowly(room, "sendMessage")
    await answered(room, press(room, control, "sure"))
    # Its slow call is under way: what it shows was read before the stop.
    await room.met(0)
    await answered(room, press(room, control, "stop"))
    room.sandbox.clear_faults()
    shown = await room.answer(OWNER, "Остановлено")
    assert shown == room.shown(OWNER)[-1]


async def test_a_pause_does_not_wait_for_what_its_chat_asked_before(room: World, control: Message) -> None:
    await answered(room, press(room, control, "sure"))
    progress = await room.answer(OWNER, "Отправляется")
    slowly(room, "sendMessage")
    before = len(room.shown(OWNER))
    for command in ("/help", "/id"):
        room.send(OWNER, command)
    assert "Приостановлено" in (await room.press(OWNER, progress, "Пауза"))["text"]
    assert (await push(room)).progress.paused
    assert len(room.shown(OWNER)) <= before
    room.sandbox.clear_faults()
    await room.changed(progress, "На паузе")


async def test_a_send_does_not_wait_until_the_presses_before_are_shown(room: World, control: Message) -> None:
    slowly(room, "editMessageText")
    for topic in ("Мир", "Азия", "Экономика"):
        room.sandbox.press(OWNER, OWNER, control["message_id"], data_of(control, topic) or "")
    await answered(room, press(room, control, "send"))
    assert text_of(room.again(control)) == text_of(control), "the presses are not shown yet"
    assert {*(await push(room)).card.topics} == {1, 2, 3}
    room.sandbox.clear_faults()


async def test_fast_presses_are_shown_as_the_card_stands_after_the_last(
    room: World, control: Message
) -> None:
    for topic in ("Мир", "Азия", "Экономика", "Мир"):
        room.sandbox.press(OWNER, OWNER, control["message_id"], data_of(control, topic) or "")
    await room.changed(control, "Кому: Азия, Экономика")
    marked = [label for label in labels(room.again(control)) if label.startswith("✅ ")]
    assert {"✅ Азия", "✅ Экономика"} <= {*marked}
    assert "✅ Мир" not in marked
