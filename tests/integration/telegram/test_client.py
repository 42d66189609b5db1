"""The client over HTTP against the sandbox: prepared sends, aiogram's own calls, updates that can't be read."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from typing import Any

import pytest
from aiogram import Bot
from aiogram.exceptions import (
    ClientDecodeError,
    TelegramForbiddenError,
    TelegramNetworkError,
    TelegramRetryAfter,
    TelegramServerError,
)

from bot.model.message import Button, OutgoingMessage
from bot.outbox.limits.pace import Pace
from bot.sandbox import Sandbox
from bot.telegram.client import Session
from bot.telegram.transport.prepared import Prepared, prepare
from bot.telegram.transport.ticket import CallTicket
from tests.support.servers.keepalive import Server, listening, until
from tests.support.world import TOKEN, client_of

ANNA = 1000
MESSAGE = OutgoingMessage("<b>Мост</b> открыт", buttons=((Button("Подробнее", press="full:1:0"),),))


@pytest.fixture
async def bot(sandbox: Sandbox) -> AsyncIterator[Bot]:
    sandbox.add_bot(TOKEN, "vestnik_bot", "Вестник")
    sandbox.add_user("Анна", id=ANNA)
    sandbox.send(ANNA, ANNA, "/start")
    async with client_of(sandbox.url) as made:
        yield made


async def send(bot: Bot, chat_id: int = ANNA) -> Any:
    call = Prepared.of(*prepare([MESSAGE]))
    assert isinstance(bot.session, Session)
    return await bot.session.send(bot, call, chat_id, None, ticket=CallTicket())


async def test_a_prepared_send_reads_as_one_that_aiogram_makes(bot: Bot, sandbox: Sandbox) -> None:
    result = await send(bot)
    await bot.send_message(ANNA, MESSAGE.html)
    prepared, plain = [each for each in sandbox.messages(ANNA) if each["from"]["is_bot"]]
    assert result["message_id"] == prepared["message_id"]
    assert (prepared["text"], prepared["entities"]) == (plain["text"], plain["entities"])
    assert prepared["reply_markup"]["inline_keyboard"][0][0]["callback_data"] == "full:1:0"


@pytest.mark.parametrize(
    ("fault", "options", "error"),
    [
        (
            "error",
            {"code": 403, "description": "Forbidden: bot was blocked by the user"},
            TelegramForbiddenError,
        ),
        ("429", {"retry_after": 3}, TelegramRetryAfter),
        ("500", {}, TelegramServerError),
        ("502", {}, ClientDecodeError),
        ("reset_before", {}, TelegramNetworkError),
        ("reset_after", {}, TelegramNetworkError),
    ],
)
async def test_a_prepared_send_fails_with_aiograms_own_exceptions(
    bot: Bot, sandbox: Sandbox, fault: str, options: dict[str, Any], error: type[Exception]
) -> None:
    sandbox.fault(fault, match={"method": "sendMessage"}, **options)
    with pytest.raises(error) as raised:
        await send(bot)
    assert "TTTT" not in str(raised.value)
    if isinstance(raised.value, TelegramRetryAfter):
        assert raised.value.retry_after == 3


async def test_the_token_stands_in_no_error_where_nobody_listens() -> None:
    async with client_of("http://127.0.0.1:9") as bot:
        with pytest.raises(TelegramNetworkError) as raised:
            await send(bot)
    assert "TTTT" not in f"{raised.value!r} {raised.value}"


async def test_a_session_that_is_closed_leaves_no_connection() -> None:
    server = Server([b'HTTP/1.1 200 OK\r\nContent-Length: 23\r\n\r\n{"ok":true,"result":[]}'])
    async with listening(server) as port:
        async with client_of(f"http://mila:secret@127.0.0.1:{port}/behind/a/proxy") as bot:
            assert await send(bot) == []
        await until(lambda: not server.live)
    assert server.requests[0].startswith(f"POST /behind/a/proxy/bot{TOKEN}/sendMessage HTTP/1.1\r\n".encode())


async def test_aiograms_own_calls_wait_for_their_slot_too(sandbox: Sandbox) -> None:
    sandbox.add_bot(TOKEN, "vestnik_bot", "Вестник")
    sandbox.add_user("Анна", id=ANNA)
    sandbox.send(ANNA, ANNA, "/start")
    pace = Pace(global_rate=1000, chat_rate=1000)
    async with client_of(sandbox.url, pace) as bot:
        pace.pause(60)
        waiting = asyncio.create_task(bot.send_message(ANNA, "Мост открыт"))
        assert (await bot.me()).username == "vestnik_bot"
        assert not waiting.done()
        assert pace.waiting == 1
        waiting.cancel()
        await asyncio.gather(waiting, return_exceptions=True)
    assert sandbox.calls(method="sendMessage") == []
