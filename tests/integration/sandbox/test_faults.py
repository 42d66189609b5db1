"""Faults on demand and flood limits."""

from __future__ import annotations

import asyncio
import time
from types import SimpleNamespace

import aiohttp
import pytest

from bot.sandbox import Impossible, Limits, Sandbox
from bot.sandbox.world import state
from tests.integration.sandbox.conftest import TOKEN, Api, Cast


@pytest.fixture
def stopped(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let no time pass but what the test lets pass: a window of a second is over soon on a busy machine."""
    at = time.time()
    monkeypatch.setattr(state, "time", SimpleNamespace(time=lambda: at))


async def send(api: Api, chat: int, **params: object) -> int:
    return int((await api("sendMessage", **{"chat_id": chat, "text": "x", **params})).get("error_code", 200))


@pytest.mark.usefixtures("stopped")
async def test_a_429_closes_a_chat_for_its_time(
    api: Api, cast: Cast, sandbox: Sandbox, http: aiohttp.ClientSession
) -> None:
    sandbox.fault(429, match={"chat_id": cast.anna}, retry_after=30)
    url = f"{sandbox.url}/bot{TOKEN}/sendMessage"
    async with http.post(url, data={"chat_id": cast.anna, "text": "x"}) as response:
        assert (response.status, response.headers["Retry-After"]) == (429, "30")
        assert (await response.json())["parameters"] == {"retry_after": 30}
    assert await send(api, cast.anna) == 429
    assert await send(api, cast.channel) == 200
    sandbox.advance(31)
    assert await send(api, cast.anna) == 200


@pytest.mark.usefixtures("stopped")
async def test_a_global_429_closes_everything(api: Api, cast: Cast, sandbox: Sandbox) -> None:
    sandbox.fault(429, scope="global", retry_after=5)
    assert [await send(api, cast.anna), await send(api, cast.channel)] == [429, 429]
    assert (await api("getMe"))["ok"]


async def test_faults_are_matched_counted_and_dropped(api: Api, cast: Cast, sandbox: Sandbox) -> None:
    sandbox.fault("500", match={"method": "sendmessage", "text_contains": "порт"}, times=2, after=1)
    answers = [await send(api, cast.anna, text="порт открыт") for _ in range(5)]
    assert answers == [200, 500, 500, 200, 200]
    assert await send(api, cast.anna, text="другое") == 200
    sandbox.fault("error", code=403, description="Forbidden: bot was blocked by the user", times=9)
    assert await send(api, cast.anna) == 403
    sandbox.clear_faults()
    assert await send(api, cast.anna) == 200


@pytest.mark.parametrize(("kind", "arrived"), [("reset_before", 0), ("reset_after", 1), ("hang", 0)])
async def test_a_connection_is_dropped_with_or_without_effect(
    api: Api, cast: Cast, sandbox: Sandbox, kind: str, arrived: int
) -> None:
    before = len(sandbox.messages(cast.anna))
    sandbox.fault(kind, **({"seconds": 0.05} if kind == "hang" else {}))
    with pytest.raises(aiohttp.ClientError):
        await send(api, cast.anna)
    assert len(sandbox.messages(cast.anna)) == before + arrived
    assert sandbox.calls(method="sendMessage")[-1]["status"] == 0


async def test_a_gateway_answers_in_html_and_a_slow_call_succeeds(
    api: Api, cast: Cast, sandbox: Sandbox, http: aiohttp.ClientSession
) -> None:
    sandbox.fault("502")
    async with http.get(f"{sandbox.url}/bot{TOKEN}/getMe") as response:
        assert (response.status, response.content_type) == (502, "text/html")
    sandbox.fault("slow", seconds=0.05)
    assert await send(api, cast.anna) == 200


@pytest.mark.parametrize(("kind", "arrived"), [("slow", True), ("hang", False)])
async def test_a_call_that_is_held_up_goes_on_when_the_faults_are_dropped(
    api: Api, cast: Cast, sandbox: Sandbox, kind: str, arrived: bool
) -> None:
    sandbox.fault(kind, seconds=3_600, times=2)
    (fault,) = sandbox.faults.waiting()
    held = asyncio.create_task(send(api, cast.anna, text="Мост открыт"))
    while not fault.hits:
        await asyncio.sleep(0.01)
    sandbox.clear_faults()
    await asyncio.wait({held})
    assert (held.exception() is None) == arrived
    assert any(each.get("text") == "Мост открыт" for each in sandbox.messages(cast.anna)) == arrived


def test_faults_that_do_not_exist_are_refused(sandbox: Sandbox) -> None:
    with pytest.raises(Impossible, match="a fault is one of"):
        sandbox.fault("meteor")
    with pytest.raises(Impossible, match="no such option"):
        sandbox.fault("500", colour="red")
    with pytest.raises(Impossible, match="cannot match"):
        sandbox.fault("500", match={"colour": "red"})


@pytest.mark.usefixtures("stopped")
async def test_a_chat_takes_a_burst_then_one_a_second(api: Api, cast: Cast, sandbox: Sandbox) -> None:
    _limited(sandbox, Limits(chat_per_second=1, chat_burst=3))
    assert [await send(api, cast.anna) for _ in range(4)] == [200, 200, 200, 429]
    assert await send(api, cast.channel) == 200
    sandbox.advance(3)
    assert await send(api, cast.anna) == 200


@pytest.mark.usefixtures("stopped")
async def test_a_group_takes_twenty_a_minute(api: Api, cast: Cast, sandbox: Sandbox) -> None:
    _limited(sandbox, Limits(group_per_minute=20))
    assert [await send(api, cast.group) for _ in range(20)] == [200] * 20
    refused = await api("sendMessage", chat_id=cast.group, text="x")
    assert refused["parameters"]["retry_after"] == 60
    assert [await send(api, cast.anna) for _ in range(21)] == [200] * 21


@pytest.mark.usefixtures("stopped")
async def test_thirty_a_second_in_all_and_a_thousand_paid(api: Api, cast: Cast, sandbox: Sandbox) -> None:
    _limited(sandbox, Limits(per_second=5))
    answers = [await send(api, cast.anna) for _ in range(6)]
    assert answers == [200] * 5 + [429]
    assert await send(api, cast.anna, allow_paid_broadcast=True) == 200
    assert (await api("sendChatAction", chat_id=cast.anna, action="typing"))["ok"]


async def test_short_waits_can_be_silent(api: Api, cast: Cast, sandbox: Sandbox) -> None:
    _limited(sandbox, Limits(per_second=5, silent_delay=2))
    assert [await send(api, cast.anna) for _ in range(8)] == [200] * 8


@pytest.mark.usefixtures("stopped")
async def test_who_ignores_429_three_times_is_shut_out(api: Api, cast: Cast, sandbox: Sandbox) -> None:
    _limited(sandbox, Limits(chat_per_second=1, chat_burst=1, ban3=True))
    assert [await send(api, cast.anna) for _ in range(4)] == [200, 429, 429, 429]
    refused = await api("sendMessage", chat_id=cast.channel, text="x")
    assert refused["parameters"]["retry_after"] == 60
    sandbox.advance(61)
    assert await send(api, cast.anna) == 200


def _limited(sandbox: Sandbox, limits: Limits) -> None:
    sandbox.gate.limits = limits


def test_telegrams_figures() -> None:
    limits = Limits.telegram()
    assert (limits.per_second, limits.chat_per_second, limits.group_per_minute) == (30, 1, 20)
