"""A reader presses whatever the commands of the menu lead to, each press twice at once; ru and en."""

from __future__ import annotations

import logging

import pytest

from bot.sandbox.world.views import commands_in
from tests.journeys.newsroom.conftest import Newsroom
from tests.journeys.newsroom.readers.walker import Walker
from tests.support.messages import buttons
from tests.support.world import BOT

ANNA, JAMES = 21, 23
LEAVING = ("leave",)
"""Buttons that end it all: they come last."""

WORDS = {"/search": "мост", "/save": ""}
STORIES = tuple(f"Мост через реку открыт для движения, участок {number}" for number in range(7))


def menu(newsroom: Newsroom, reader: int, language: str) -> list[str]:
    """Return the commands of the menu that the person sees."""
    menus = commands_in(newsroom.sandbox.world.bots[BOT], newsroom.sandbox.chat(reader))
    return [f"/{each['command']}" for each in menus.get(language) or menus[""]]


@pytest.mark.parametrize(
    ("reader", "language", "topic"), [(ANNA, "ru", "Экономика"), (JAMES, "en", "Economy")]
)
async def test_every_button_twice_at_once(
    newsroom: Newsroom, reader: int, language: str, topic: str, caplog: pytest.LogCaptureFixture
) -> None:
    await newsroom.first_look()
    await newsroom.follow(reader, topic)
    for number, headline in enumerate(STORIES):
        newsroom.wire.put(str(number), headline, f"{headline}. Подробности позже.")
        await newsroom.answer(reader, headline)
    walker = Walker(newsroom, reader, LEAVING, at_once=2)
    for command in menu(newsroom, reader, language):
        await walker.walk(f"{command} {WORDS.get(command, '')}".strip())
    assert not walker.failed
    assert len(walker.pressed) > 40
    errors = [each.getMessage() for each in caplog.records if each.levelno >= logging.ERROR]
    assert errors == []
    page = await newsroom.say(reader, "/topics")
    assert len(buttons(page)) > 2
