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
from bot.outbox.pace import Pace
from bot.telegram.client import make_bot
from bot.telegram.gate import Gate
from bot.telegram.prepared import Prepared, prepare
from tests.telegram.conftest import Server, listening, until

TOKEN = "700700:" + "T" * 35
ANNA = 1000
MESSAGE = OutgoingMessage("<b>Мост</b> открыт", buttons=((Button("Подробнее", press="full:1:0"),),))


@pytest.fixture
async def bot(sandbox: Any) -> AsyncIterator[Bot]:
    sandbox.add_bot(TOKEN, "vestnik_bot", "Вестник")
    sandbox.add_user("Анна", id=ANNA)
    sandbox.send(ANNA, ANNA, "/start")
    made = make_bot(TOKEN, sandbox.url, Gate(Pace(global_rate=1000, chat_rate=1000)))
    yield made
    await made.session.close()


async def send(bot: Bot, chat_id: int = ANNA) -> Any:
    return await bot.session.send(bot, Prepared.of(*prepare([MESSAGE])), chat_id, None)  # type: ignore[attr-defined]


async def test_a_prepared_send_reads_as_one_that_aiogram_makes(bot: Bot, sandbox: Any) -> None:
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
    bot: Bot, sandbox: Any, fault: str, options: dict[str, Any], error: type[Exception]
) -> None:
    sandbox.fault(fault, match={"method": "sendMessage"}, **options)
    with pytest.raises(error) as raised:
        await send(bot)
    assert "TTTT" not in str(raised.value)
    if isinstance(raised.value, TelegramRetryAfter):
        assert raised.value.retry_after == 3


async def test_the_token_stands_in_no_error_where_nobody_listens() -> None:
    bot = make_bot(TOKEN, "http://127.0.0.1:9", Gate(Pace()))
    try:
        with pytest.raises(TelegramNetworkError) as raised:
            await send(bot)
    finally:
        await bot.session.close()
    assert "TTTT" not in f"{raised.value!r} {raised.value}"


async def test_a_session_that_is_closed_leaves_no_connection() -> None:
    server = Server([b'HTTP/1.1 200 OK\r\nContent-Length: 23\r\n\r\n{"ok":true,"result":[]}'])
    async with listening(server) as port:
        bot = make_bot(TOKEN, f"http://mila:secret@127.0.0.1:{port}/behind/a/proxy", Gate(Pace()))
        assert await send(bot) == []
        await bot.session.close()
        await until(lambda: not server.live)
    assert server.requests[0].startswith(f"POST /behind/a/proxy/bot{TOKEN}/sendMessage HTTP/1.1\r\n".encode())


async def test_aiograms_own_calls_wait_for_their_slot_too(sandbox: Any) -> None:
    sandbox.add_bot(TOKEN, "vestnik_bot", "Вестник")
    sandbox.add_user("Анна", id=ANNA)
    sandbox.send(ANNA, ANNA, "/start")
    pace = Pace(global_rate=1000, chat_rate=1000)
    bot = make_bot(TOKEN, sandbox.url, Gate(pace))
    try:
        pace.pause(60)
        waiting = asyncio.create_task(bot.send_message(ANNA, "Мост открыт"))
        assert (await bot.me()).username == "vestnik_bot"
        assert not waiting.done()
        assert pace.waiting == 1
        waiting.cancel()
        await asyncio.gather(waiting, return_exceptions=True)
    finally:
        await bot.session.close()
    assert sandbox.calls(method="sendMessage") == []


async def test_an_update_that_cannot_be_read_holds_up_none_behind_it(bot: Bot, sandbox: Any) -> None:
    await bot.get_updates()
    sandbox.fault("undecodable")
    sandbox.send(ANNA, ANNA, "первое")
    sandbox.send(ANNA, ANNA, "второе")
    updates = await bot.get_updates()
    assert [each.message.text for each in updates if each.message and each.message.text][-1] == "второе"
    assert all(isinstance(each.update_id, int) for each in updates)
