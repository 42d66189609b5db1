"""How calls arrive, and what is said of those that cannot be."""

from __future__ import annotations

import io

import aiohttp
import pytest
from aiogram import methods
from aiogram.methods.base import TelegramMethod

from bot.sandbox import Sandbox
from bot.sandbox.calls.parameters import known_parameters
from bot.sandbox.methods import HANDLERS
from tests.integration.sandbox.conftest import TOKEN, Api, Cast


def test_the_known_parameters_are_those_of_bot_api_10_3() -> None:
    classes = [c for c in vars(methods).values() if isinstance(c, type) and issubclass(c, TelegramMethod)]
    expected = {
        c.__api_method__.lower(): frozenset(c.model_fields) for c in classes if c is not TelegramMethod
    }
    assert known_parameters() == expected
    assert expected.keys() >= HANDLERS.keys()


@pytest.mark.parametrize("way", ["query", "form", "json", "multipart"])
async def test_parameters_come_in_each_of_the_four_ways(
    sandbox: Sandbox, cast: Cast, http: aiohttp.ClientSession, way: str
) -> None:
    params = {"chat_id": str(cast.anna), "text": "Привет"}
    url = f"{sandbox.url}/bot{TOKEN}/SENDmessage"
    if way == "query":
        response = await http.get(url, params=params)
    elif way == "json":
        response = await http.post(url, json={**params, "chat_id": cast.anna})
    elif way == "form":
        response = await http.post(url, data=params)
    else:
        form = aiohttp.FormData(params, default_to_multipart=True)
        response = await http.post(url, data=form)
    async with response:
        answer = await response.json()
    assert answer["result"]["text"] == "Привет"


async def test_unknown_parameters_and_methods_are_refused_by_name(api: Api, cast: Cast) -> None:
    answer = await api("sendMessage", chat_id=cast.anna, text="x", colour="red")
    assert answer["error_code"] == 400
    assert "no parameter colour" in answer["description"]
    assert await api("sendPigeon") == {
        "ok": False,
        "error_code": 404,
        "description": "Not Found: method not found",
    }
    assert (await api("sendInvoice"))["error_code"] == 501


async def test_telegrams_way_with_unknown_parameters_can_be_had(http: aiohttp.ClientSession) -> None:
    lenient = Sandbox(strict=False, accept_any_token=True)
    await lenient.start()
    try:
        async with http.post(f"{lenient.url}/bot7:{'b' * 35}/getMe", data={"colour": "red"}) as response:
            assert (await response.json())["result"]["id"] == 7
    finally:
        await lenient.stop()


@pytest.mark.parametrize(
    ("token", "description"),
    [("42:" + "b" * 35, "Unauthorized"), ("nonsense", "Unauthorized: invalid token specified")],
)
async def test_a_wrong_token_is_unauthorized(
    sandbox: Sandbox, cast: Cast, http: aiohttp.ClientSession, token: str, description: str
) -> None:
    async with http.get(f"{sandbox.url}/bot{token}/getMe") as response:
        assert response.status == 401
        assert (await response.json())["description"] == description


async def test_too_many_bytes_of_parameters_are_refused(
    sandbox: Sandbox, cast: Cast, http: aiohttp.ClientSession
) -> None:
    body = io.BytesIO(b'{"text":"' + b"x" * (1 << 20) + b'"}')
    headers = {"Content-Type": "application/json"}
    url = f"{sandbox.url}/bot{TOKEN}/sendMessage"
    async with http.post(url, data=body, headers=headers) as response:
        assert response.status == 413
