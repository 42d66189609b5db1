"""A bot to which Telegram brings updates: all are kept before they are answered, and the two ways change places."""

from __future__ import annotations

import asyncio
import logging
from pathlib import Path
from typing import Any

import aiohttp
import pytest

from bot.factory import Factory
from bot.model.errors import SetupError
from bot.sandbox import Sandbox
from bot.sources.fetch.fetcher import Fetcher
from bot.sources.parser_pool import ParserPool
from bot.store.engine.database import Database
from bot.ticks import ticks
from bot.updates.webhook import webhook
from tests.integration.updates.webhook.conftest import address, hooked
from tests.support.figures import figure
from tests.support.messages import text_of
from tests.support.people import ANNA, BORIS, JAMES, OWNER
from tests.support.readers import choices
from tests.support.world import TOKEN, World, client_of, settings_for

COMMANDS = ("/topics", "/id", "/settings", "/help", "/latest", "/digest")
ECONOMY = 3


async def tell_owners_as_ticked(room: World) -> None:
    """Run the job that tells owners of troubles, as the schedule does."""
    factory = Factory(room.settings, room.db, room.clock)
    line, parsers = factory.line(), ParserPool()
    feeds = factory.feeds(Fetcher(allow_private=True), parsers)
    [job] = [each for _, each in ticks(room.services, line, feeds, ledger_days=30) if each.name == "owners"]
    await job.work(room.clock.now())
    await line.close()


async def test_words_and_presses_are_answered_in_order_and_once(room: World) -> None:
    kinds = ("press", "message")
    before = [figure("vestnik_answer_seconds_count", kind=kind) for kind in kinds]
    page = await room.say(ANNA, "/topics")
    await room.press(ANNA, page, "Экономика")
    assert await choices(room.db, (await room.chat(ANNA)).id) == {ECONOMY: True}
    for person in (BORIS, JAMES):
        for command in COMMANDS:
            room.sandbox.send(person, person, command)
    await room.until(lambda: all(len(room.shown(each)) == len(COMMANDS) for each in (BORIS, JAMES)))
    assert not len(room.sandbox.bot().updates)
    russian = [text.replace(str(BORIS), "") for text in room.texts(BORIS)]
    assert len({*russian}) == len(COMMANDS)
    # The last answer may be there a moment before its handling ends, and the sandbox hears nothing of that end.
    wanted = [before[0] + 1, before[1] + 1 + 2 * len(COMMANDS)]
    async with asyncio.timeout(60):
        while [figure("vestnik_answer_seconds_count", kind=kind) for kind in kinds] != wanted:
            await asyncio.sleep(0.01)
    assert str(BORIS) in room.texts(BORIS)[1], "in the order in which they came"


async def test_telegram_is_told_what_is_wanted_and_neither_path_nor_log_tells_the_token(
    room: World, caplog: pytest.LogCaptureFixture
) -> None:
    [call] = room.sandbox.calls(method="setWebhook")
    hook = room.sandbox.bot().webhook
    assert hook is not None
    assert (hook.target.url, hook.target.connections) == (address(room).url, 40)
    assert TOKEN not in hook.target.url
    assert len(hook.target.secret) == 64
    assert "drop_pending_updates" not in call["params"]
    assert {"message", "callback_query", "my_chat_member"} <= {*(room.sandbox.bot().updates.allowed or ())}
    said = caplog.text + str(room.settings.webhook_secret) + repr(address(room))
    assert hook.target.secret not in said


async def test_what_can_not_be_kept_comes_again_and_is_handled_once(
    room: World, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    write, full = room.db.write, True

    def fail(**options: bool) -> Any:
        if full and options.get("durable"):
            raise OSError(28, "No space left on device")
        return write(**options)

    monkeypatch.setattr(room.db, "write", fail)
    room.sandbox.send(ANNA, ANNA, "/id")
    hook = room.sandbox.bot().webhook
    assert hook is not None
    await room.until(lambda: hook.last_error)
    assert hook.last_error == "Wrong response from the webhook: 503 Service Unavailable"
    assert len(room.sandbox.bot().updates) == 1, "Telegram still has it"
    full = False
    await room.until(lambda: any(str(ANNA) in text for text in room.texts(ANNA)))
    await room.until(lambda: not len(room.sandbox.bot().updates))
    # While nothing could be written Anna was told so, once.
    assert [str(ANNA) in text for text in room.texts(ANNA)] == [False, True]
    assert "webhook.not_kept" in caplog.text


async def test_a_bot_goes_from_polling_to_a_webhook_and_back_and_nothing_is_lost(
    sqlite_db: Database, sandbox: Sandbox
) -> None:
    bringing = hooked(sandbox, sqlite_db)
    asking = World(sandbox, sqlite_db, settings_for(sandbox))
    await asking.prepare()
    for turn, room in enumerate((asking, bringing, asking), 1):
        for person in (ANNA, BORIS):
            room.sandbox.send(person, person, "/id")
        async with room.listening():
            await room.until(lambda turn=turn: all(len(room.shown(each)) == turn for each in (ANNA, BORIS)))  # noqa: B023
            await room.until(lambda room=room: (sandbox.bot().webhook is not None) == (room is bringing))
        # Once what was handled is written down, nobody is answered again.
    await asking.until(lambda: not len(sandbox.bot().updates) or True)
    assert [len(asking.shown(each)) for each in (ANNA, BORIS)] == [3, 3]
    assert not [call for call in sandbox.calls() if "drop_pending_updates" in call["params"]]


async def test_who_polls_leaves_a_foreign_webhook_alone_and_says_whose_it_is(
    sqlite_db: Database, sandbox: Sandbox, caplog: pytest.LogCaptureFixture
) -> None:
    room = World(sandbox, sqlite_db, settings_for(sandbox))
    await room.prepare()
    async with client_of(sandbox.url) as client:
        await client.set_webhook("https://other.example/its-secret-path")
        async with room.listening():
            await room.until(lambda: room.services.update_flow.trouble)
            flow = room.services.update_flow
            assert (flow.code, flow.host) == ("foreign", "other.example")
            assert "a webhook at other.example" in flow.trouble
            assert "its-secret-path" not in flow.trouble + caplog.text
            assert sandbox.bot().webhook is not None
            await client.delete_webhook()
            await room.until(lambda: sandbox.bot().updates.polling)
            assert str(ANNA) in text_of(await room.say(ANNA, "/id"))
            await room.until(lambda: not flow.trouble)


async def test_a_webhook_that_somebody_takes_is_noticed_told_and_set_again(
    sqlite_db: Database, sandbox: Sandbox, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(webhook, "LOOK_SECONDS", 0.2)
    caplog.set_level(logging.INFO, "bot")
    room = hooked(sandbox, sqlite_db)
    await room.prepare()
    async with room.listening(), client_of(sandbox.url) as client:
        await room.until(lambda: sandbox.bot().webhook)
        await room.say(OWNER, "/start")
        sandbox.advance(5)
        assert await client.delete_webhook()
        room.sandbox.send(ANNA, ANNA, "/id")
        await room.until(lambda: "webhook.taken" in caplog.text)
        assert "somebody deleted it" in room.services.update_flow.trouble
        await tell_owners_as_ticked(room)
        assert "Кто-то удалил вебхук бота" in room.texts(OWNER)[-1]
        await room.until(lambda: room.shown(ANNA))
        assert str(ANNA) in room.texts(ANNA)[0]
        await room.until(lambda: not room.services.update_flow.trouble)
        assert len(room.shown(ANNA)) == 1


async def test_what_telegram_says_of_the_webhook_is_known(
    sqlite_db: Database, sandbox: Sandbox, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(webhook, "LOOK_SECONDS", 0.2)
    room = hooked(sandbox, sqlite_db)
    await room.prepare()
    async with room.listening():
        await room.until(lambda: sandbox.bot().webhook)
        flow, hook = room.services.update_flow, sandbox.bot().webhook
        assert hook is not None
        write = room.db.write

        def fail(**options: bool) -> Any:
            raise OSError(28, "No space left on device")

        monkeypatch.setattr(room.db, "write", fail)
        room.sandbox.send(ANNA, ANNA, "/id")
        await room.until(lambda: flow.last_error)
        assert (flow.code, flow.pending) == ("undelivered", 1)
        assert "503 Service Unavailable" in flow.trouble
        monkeypatch.setattr(room.db, "write", write)
        await room.until(lambda: not len(sandbox.bot().updates))
        await room.until(lambda: (flow.trouble, flow.last_error, flow.pending) == ("", "", 0))


async def test_a_start_after_an_outage_has_telegram_bring_at_once_what_waits(
    sqlite_db: Database, sandbox: Sandbox
) -> None:
    room = hooked(sandbox, sqlite_db)
    await room.prepare()
    async with room.listening():
        await room.until(lambda: sandbox.bot().webhook)
    hook = sandbox.bot().webhook
    assert hook is not None
    room.sandbox.send(ANNA, ANNA, "/id")
    await room.until(lambda: hook.last_error)
    sandbox.advance(5)
    async with room.listening():
        await room.until(lambda: room.shown(ANNA))
        assert sandbox.bot().webhook is not hook
    assert len(room.shown(ANNA)) == 1


async def test_a_whole_bot_listens_at_its_port_and_says_how_it_is(
    sqlite_db: Database, sandbox: Sandbox, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    deaf = World(sandbox, sqlite_db, settings_for(sandbox, webhook_url="http://127.0.0.1:9"))
    await deaf.prepare()
    with pytest.raises(SetupError, match="WEBHOOK_URL: nobody would listen to Telegram, WEB_PORT is 0"):
        await deaf.whole()
    room = hooked(sandbox, sqlite_db)
    app = await room.whole()
    try:
        assert str(ANNA) in text_of(await room.say(ANNA, "/id"))
        health = f"{room.settings.webhook_url}/health"
        async with aiohttp.ClientSession() as http, http.get(health) as answer:
            told = await answer.json()
        assert (told["ok"], told["webhook_pending"], told["webhook_error"]) == (True, 0, "")
        hook = sandbox.bot().webhook
    finally:
        await app.stop()
    # A webhook stays over a stop: Telegram keeps what comes meanwhile.
    assert hook is sandbox.bot().webhook is not None
