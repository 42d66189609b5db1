"""A time zone by a shared location: by the keyboard's button or as an attachment, in private alone."""

from __future__ import annotations

from typing import Any

import pytest
from sqlalchemy import text

from tests.support.messages import labels, plain, text_of
from tests.support.world import BOT, World

ANNA, JAMES = 21, 23
BISHKEK = {"latitude": 42.87, "longitude": 74.59}


async def asked(room: World, user: int, zone: str, by_location: str) -> dict[str, Any]:
    """Ask for the keyboard on the page of time zones, and return the message that brings it."""
    page = await room.say(user, "/settings")
    await room.press(user, page, zone)
    await room.press(user, await room.changed(page, by_location), by_location)
    return await room.until(
        lambda: next((each for each in room.shown(user) if "keyboard" in each.get("reply_markup", {})), None)
    )


async def place(
    room: World, user: int, location: dict[str, float], chat: int | None = None
) -> dict[str, Any]:
    """Share a location and return the answer."""
    return await room.say(user, "", chat, location=location)


async def test_the_zone_of_a_shared_location_is_chosen_and_the_keyboard_goes(room: World) -> None:
    question = await asked(room, ANNA, "Часовой пояс", "По местоположению")
    assert "не сохраняю" in text_of(question)
    (share,), (cancel,) = question["reply_markup"]["keyboard"]
    assert share["request_location"] is True
    assert cancel["text"] == "Отмена"
    answer = await place(room, ANNA, BISHKEK)
    assert "Бишкек (+06:00, сейчас " in plain(answer)
    assert answer["reply_markup"]["remove_keyboard"] is True
    assert (await room.chat(ANNA)).zone == "Asia/Bishkek"


async def test_a_location_is_understood_without_being_asked_for(room: World) -> None:
    for location, zone, words in (
        ({"latitude": 55.75, "longitude": 37.62}, "Europe/Moscow", "Moscow (+03:00"),
        ({"latitude": 43.12, "longitude": 131.89}, "Asia/Vladivostok", "Vladivostok (+10:00"),
        ({"latitude": 28.6, "longitude": 77.2}, "Asia/Kolkata", "Kolkata (+05:30"),
        ({"latitude": 0.0, "longitude": -30.0}, "Etc/GMT+2", "(-02:00"),
    ):
        assert words in text_of(await place(room, JAMES, location))
        assert (await room.chat(JAMES)).zone == zone


@pytest.mark.parametrize(
    ("user", "words", "stayed"), [(ANNA, "Отмена", "по-прежнему"), (JAMES, "Cancel", "as it was")]
)
async def test_who_gives_up_has_the_keyboard_taken_away(
    room: World, user: int, words: str, stayed: str
) -> None:
    answer = await room.say(user, words)
    assert stayed in text_of(answer)
    assert answer["reply_markup"]["remove_keyboard"] is True


async def test_a_group_has_no_such_button_and_its_places_are_let_alone(room: World) -> None:
    chat = room.sandbox.add_chat("supergroup", title="Соседи", creator=ANNA, members=[BOT])["id"]
    await room.answer(chat, "Администраторы")
    room.sandbox.bot().privacy = False
    page = await room.say(ANNA, "/settings@vestnik_bot", chat)
    await room.press(ANNA, page, "Часовой пояс")
    page = await room.changed(page, "Выберите город")
    assert not any("местоположению" in label for label in labels(page))
    assert "личные сообщения" in (await room.forge(ANNA, page, "zone-here"))["text"]
    room.sandbox.send(chat, ANNA, location=BISHKEK)
    await room.silent(ANNA, "просто слова", chat)
    assert (await room.chat(chat)).zone == "Europe/Moscow"


async def test_the_place_itself_is_kept_nowhere(room: World) -> None:
    await place(room, ANNA, {"latitude": 42.871234, "longitude": 74.591234})
    await room.say(ANNA, "/id")

    async def kept() -> str:
        async with room.db.read() as tx:
            names = [
                row[0]
                for row in await tx.execute(text("SELECT name FROM sqlite_master WHERE type = 'table'"))
            ]
            return "".join([str((await tx.execute(text(f'SELECT * FROM "{name}"'))).all()) for name in names])

    assert "871234" not in await kept()
