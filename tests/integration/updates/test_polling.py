"""Asking for updates where Telegram answers badly: no hurry, clear words, and then on as before."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from typing import Any

import pytest
from aiogram import Bot, Dispatcher
from aiohttp import web

from bot.store.engine.database import Database
from bot.updates import polling
from bot.updates.polling import FIRST_PAUSE, Polling
from tests.support.world import client_of

CONFLICT = {"ok": False, "error_code": 409, "description": "Conflict: terminated by other getUpdates request"}
FORBIDDEN = {"ok": False, "error_code": 403, "description": "Forbidden: bot was blocked"}
BAD = [{"ok": True, "result": None}, {"ok": True}, CONFLICT, {"ok": True, "result": "?"}]


@dataclass
class Server:
    """A Bot API that answers getUpdates as it is told, and with nothing new after that."""

    answers: list[Any] = field(default_factory=list)
    asked: list[float] = field(default_factory=list)
    offsets: list[str] = field(default_factory=list)
    again: asyncio.Event = field(default_factory=asyncio.Event)
    url: str = ""
    webhook: str = ""

    async def answer(self, request: web.Request) -> web.Response:
        """Return the next answer, or wait as a long poll does."""
        if request.path.endswith("getWebhookInfo"):
            info = {"url": self.webhook, "has_custom_certificate": False, "pending_update_count": 0}
            return web.json_response({"ok": True, "result": info})
        if request.path.endswith("deleteWebhook"):
            self.webhook = ""
        if not request.path.endswith("getUpdates"):
            return web.json_response({"ok": True, "result": True})
        self.asked.append(asyncio.get_running_loop().time())
        self.offsets.append(str((await request.post())["offset"]))
        self.again.set()
        if not self.answers:
            await asyncio.Event().wait()
        answer = self.answers.pop(0)
        return web.json_response(answer, status=answer.get("error_code", 200))

    async def asked_times(self, count: int) -> None:
        """Wait until it was asked so often."""
        async with asyncio.timeout(60):
            while len(self.asked) < count:
                self.again.clear()
                await self.again.wait()

    @property
    def pauses(self) -> list[float]:
        """The time between one question and the next."""
        return [later - earlier for earlier, later in zip(self.asked, self.asked[1:], strict=False)]


@pytest.fixture
async def server() -> AsyncIterator[Server]:
    made, app = Server(), web.Application()
    app.router.add_post("/{any:.*}", made.answer)
    runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.1)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    made.url = f"http://127.0.0.1:{runner.addresses[0][1]}"
    yield made
    await runner.cleanup()


@pytest.fixture
async def bot(server: Server) -> AsyncIterator[Bot]:
    async with client_of(server.url) as made:
        yield made


async def test_what_is_no_answer_is_asked_again_after_pauses_that_grow(
    server: Server, bot: Bot, sqlite_db: Database, caplog: pytest.LogCaptureFixture
) -> None:
    server.answers = BAD[:3]
    updates = Polling(Dispatcher(), bot, sqlite_db)
    listening = asyncio.create_task(updates.run())
    with caplog.at_level(logging.WARNING, "bot.updates"):
        await server.asked_times(4)
        await updates.stop(1)
        await listening
    for number, pause in enumerate(server.pauses):
        assert pause >= FIRST_PAUSE * 2**number - 0.01
    assert [line for line in caplog.messages if "another program" in line and "again_in=2.0" in line]
    assert len([line for line in caplog.messages if "not with updates" in line]) == 2


@pytest.mark.parametrize(
    ("answer", "says"),
    [(CONFLICT, "another program"), (BAD[0], "not with updates"), (FORBIDDEN, "Forbidden")],
)
async def test_why_no_updates_come_is_told_until_they_come(
    server: Server, bot: Bot, sqlite_db: Database, answer: dict[str, Any], says: str
) -> None:
    server.answers = [answer, answer, {"ok": True, "result": []}]
    updates = Polling(Dispatcher(), bot, sqlite_db)
    assert updates.trouble == ""
    listening = asyncio.create_task(updates.run())
    await server.asked_times(2)
    assert says in updates.trouble
    await server.asked_times(4)
    assert updates.trouble == ""
    await updates.stop(1)
    await listening


@pytest.mark.parametrize("answer", [{"ok": True, "result": []}, {"ok": True, "result": ["?"]}, BAD[3]])
async def test_an_answer_without_updates_that_comes_at_once_is_no_reason_to_hurry(
    server: Server, bot: Bot, sqlite_db: Database, answer: dict[str, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    # However long a busy machine takes, it is at once.
    monkeypatch.setattr(polling, "SUDDEN", 3_600)
    server.answers = [answer]
    updates = Polling(Dispatcher(), bot, sqlite_db)
    listening = asyncio.create_task(updates.run())
    await server.asked_times(2)
    await updates.stop(1)
    await listening
    assert server.pauses[0] >= FIRST_PAUSE - 0.01


async def test_updates_that_can_not_be_read_are_confirmed_like_others(
    server: Server, bot: Bot, sqlite_db: Database
) -> None:
    heard: list[str] = []
    dispatcher = Dispatcher()

    @dispatcher.message()
    async def hear(message: Any) -> None:
        heard.append(message.text)

    good = {
        "message_id": 1,
        "date": 1,
        "text": "Мост открыт",
        "chat": {"id": 21, "type": "private", "first_name": "А"},
    }
    bodies = [None, {"update_id": 7, "message": {"chat": {"id": 21}}}, {"update_id": 8, "message": good}]
    server.answers = [{"ok": True, "result": bodies}]
    updates = Polling(dispatcher, bot, sqlite_db)
    listening = asyncio.create_task(updates.run())
    await server.asked_times(2)
    await updates.stop(60)
    await listening
    assert server.offsets == ["0", "9"]
    assert heard == ["Мост открыт"]


async def test_a_stop_before_the_start_starts_nothing(server: Server, bot: Bot, sqlite_db: Database) -> None:
    updates = Polling(Dispatcher(), bot, sqlite_db)
    await updates.stop(1)
    await updates.run()
    assert server.asked == []
