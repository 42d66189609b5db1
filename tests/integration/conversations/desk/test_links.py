"""A draft's links are looked at beside the chat: its card warns of the dead ones, and no press waits for them."""

from __future__ import annotations

import asyncio
from dataclasses import replace

from aiohttp import web
from aiohttp.test_utils import TestServer

from bot.desk import record
from bot.model.newsroom.role import DUTY_EDITOR
from bot.model.story.content import Paragraph, Run
from bot.sandbox import Sandbox
from bot.store.engine.database import Database
from tests.support.desk.editors import BRIDGE, QUICK, draft, hire, opened
from tests.support.messages import plain
from tests.support.people import EDITOR as EGOR
from tests.support.people import OWNER as OLGA
from tests.support.world import BOT, World, settings_for


async def test_a_card_warns_of_a_dead_link_and_does_not_wait_for_a_slow_one(
    sandbox: Sandbox, sqlite_db: Database
) -> None:
    going = asyncio.Event()

    async def serve(request: web.Request) -> web.Response:
        if request.path == "/slow":
            await going.wait()
        return web.Response(status=404 if request.path == "/dead" else 200)

    app = web.Application()
    app.router.add_get("/{tail:.*}", serve)
    server = TestServer(app, host="127.0.0.1")
    await server.start_server()
    room = World(sandbox, sqlite_db, settings_for(sandbox, allow_private_feeds=True, **QUICK))
    await room.prepare()
    async with room.listening():
        await room.say(OLGA, "/start")
        await hire(room, EGOR, "Егор", DUTY_EDITOR.rights)
        body = tuple(
            Paragraph((Run(name, href=str(server.make_url(f"/{name}"))),))
            for name in ("live", "dead", "slow")
        )
        number = (await draft(room, replace(BRIDGE, blocks=body))).id
        card = await opened(room, OLGA)
        # The press was answered; the slow server was not.
        assert room.services.errands.runs(("links", number))
        assert "никуда не ведёт" not in plain(card)
        going.set()
        await room.until(lambda: not room.services.errands.runs(("links", number)))
        await room.press(OLGA, card, "Обновить")
        card = await room.changed(card, "никуда не ведёт")
        assert "/dead" in plain(card)
        assert "/live" not in plain(card)
        await room.press(OLGA, card, "Одобрить")
        await room.press(OLGA, await room.changed(card, "Всё равно одобрить"), "Всё равно одобрить")
        await room.changed(card, "неработающая ссылка")
    last = (await record.of_article(sqlite_db, BOT, number, 1)).deeds[0]
    assert (last.verb, last.detail) == ("approve", "link-dead")
    await server.close()
