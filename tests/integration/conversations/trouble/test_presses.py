"""Every button of the desk while the database is away: it is said, nothing is half done, it can be pressed again."""

from __future__ import annotations

import logging
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from typing import Any

import pytest

from bot.log import Outage
from bot.model.newsroom.role import OWNER
from bot.sandbox import Sandbox
from bot.store.engine.database import Database, open_database
from bot.store.engine.migrate import migrate
from tests.integration.conversations.people.test_matrix import a_card, a_draft, a_feed
from tests.integration.conversations.people.verbs import MATRIX, Verb
from tests.integration.conversations.trouble.conftest import RATES, Shaken, is_told
from tests.support.desk.editors import hire
from tests.support.people import ANNA
from tests.support.people import EDITOR as EGOR
from tests.support.trouble import KINDS, Server, content_of
from tests.support.world import ASIA, World, settings_for

PRESSED = [each for each in MATRIX if each.press]


async def button(room: World, verb: Verb) -> str:
    """Return the data of a verb's button, about things made for it."""
    data = verb.press
    return data.format(
        card=await a_card(room) if "{card}" in data else 0,
        story=await a_draft(room) if "{story}" in data else 0,
        feed=await a_feed(room) if "{feed}" in data else 0,
        person=ANNA,
        topic=ASIA,
    )


def outages(caplog: pytest.LogCaptureFixture) -> list[str]:
    """Return what was logged of presses that met an outage; no line may have a traceback."""
    assert not [each for each in caplog.records if each.exc_info and each.levelno >= logging.ERROR]
    found = [each.msg for each in caplog.records if isinstance(each.msg, Outage)]
    return [str(each) for each in found if each.name == "conversation.failed"]


@pytest.mark.parametrize("kind", KINDS)
async def test_a_press_is_done_or_it_is_said_that_it_is_not(
    shaken: Shaken, kind: str, caplog: pytest.LogCaptureFixture
) -> None:
    assert shaken.trouble is not None
    own, wrong = await shaken.say(EGOR, "/id"), {}
    for verb in PRESSED:
        data = await button(shaken, verb)
        await shaken.services.errands.settle()
        before, logged = await content_of(shaken.db), len(outages(caplog))
        with shaken.trouble.of(kind):
            said = str((await shaken.forge(EGOR, own, data)).get("text") or "")
            await shaken.services.errands.settle()
        told = is_told(said)
        if told and "пропала" not in said and await content_of(shaken.db) != before:
            wrong[verb.handler] = "half done"
        if told is not (len(outages(caplog)) == logged + 1):
            wrong[verb.handler] = said
        again = str((await shaken.forge(EGOR, own, data)).get("text") or "")
        if is_told(again):
            wrong[verb.handler] = again
    assert not wrong


@pytest.fixture
async def turned_away(
    sandbox: Sandbox, postgres: str, postgres_url: str, inbox: Database
) -> AsyncIterator[tuple[World, Server]]:
    """A room on a PostgreSQL server that can turn the bot away, and the server."""
    server = Server(postgres, postgres_url)
    await server.prepare()
    async with AsyncExitStack() as stack:
        theirs, ours = open_database(server.url), open_database(postgres_url)
        for each in (theirs, ours):
            stack.push_async_callback(each.close)
        await migrate(ours)
        room = World(sandbox, theirs, settings_for(sandbox, **RATES), inbox=inbox)
        await room.prepare()
        await stack.enter_async_context(room.listening())
        room.db = ours
        await hire(room, EGOR, "Егор", OWNER.rights)
        yield room, server


@pytest.mark.postgres
async def test_a_press_is_not_done_while_the_server_is_gone(
    turned_away: tuple[World, Server], caplog: pytest.LogCaptureFixture
) -> None:
    room, server = turned_away
    own, wrong = await room.say(EGOR, "/id"), dict[str, Any]()
    buttons = {each.handler: await button(room, each) for each in PRESSED}
    await room.services.errands.settle()
    before = await content_of(room.db)
    async with server.gone():
        for handler, data in buttons.items():
            said = str((await room.forge(EGOR, own, data)).get("text") or "")
            if not is_told(said):
                wrong[handler] = said
    assert not wrong
    assert len(outages(caplog)) == len(buttons)
    assert await content_of(room.db) == before
    said = str((await room.forge(EGOR, own, buttons["desk.presses.submit"])).get("text"))
    assert said == "Отправлено на проверку."
