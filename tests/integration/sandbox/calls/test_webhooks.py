"""The sandbox's webhooks: as strict as Telegram's, in order within a chat, side by side among chats."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from dataclasses import dataclass, field

import pytest
from aiohttp import web

from bot.sandbox import Sandbox
from tests.integration.sandbox.conftest import Api, Cast

WORDS = {
    "bot.example": "invalid webhook URL specified",
    "ftp://bot.example": "invalid webhook URL specified",
    "http://bot.example": "bad webhook: An HTTPS URL must be provided for webhook",
    "https://bot.example:8080": "bad webhook: Webhook can be set up only on ports 80, 88, 443 or 8443",
    "https://10.0.0.1": "bad webhook: IP address 10.0.0.1 is reserved",
    "https://[2606:4700::1]": "bad webhook: IPv6-only addresses are not allowed",
}


@dataclass
class Hook:
    """A bot's address, which answers as a test has it: by text, then 200."""

    answers: dict[str, list[web.Response]] = field(default_factory=dict)
    heard: list[str] = field(default_factory=list)
    held: asyncio.Event = field(default_factory=asyncio.Event)
    url: str = ""

    async def hear(self, request: web.Request) -> web.Response:
        text = (await request.json())["message"]["text"]
        self.heard.append(text)
        if text == "hold":
            await self.held.wait()
        waiting = self.answers.get(text)
        return waiting.pop(0) if waiting else web.Response()


@pytest.fixture
async def hook() -> AsyncIterator[Hook]:
    made, app = Hook(), web.Application()
    app.router.add_post("/hook", made.hear)
    runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.1)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    made.url = f"http://127.0.0.1:{runner.addresses[0][1]}/hook"
    yield made
    made.held.set()
    await runner.cleanup()


@pytest.mark.parametrize(("url", "said"), WORDS.items())
async def test_an_address_at_which_telegram_can_not_post_is_refused(api: Api, url: str, said: str) -> None:
    assert (await api("setWebhook", url=url))["description"] == f"Bad Request: {said}"


async def test_what_is_set_is_told_and_set_once_a_second(api: Api, sandbox: Sandbox) -> None:
    for secret, said in (("x" * 257, "secret token is too long"), ("a b", "contains unallowed characters")):
        assert said in (await api("setWebhook", url="https://a.example", secret_token=secret))["description"]
    asked = {"url": "https://a.example/x", "max_connections": 500, "allowed_updates": ["message"]}
    assert (await api("setWebhook", **asked))["description"] == "Webhook was set"
    assert (await api("setWebhook", **asked))["description"] == "Webhook is already set"
    again = await api("setWebhook", url="https://b.example")
    assert (again["error_code"], again["parameters"]) == (429, {"retry_after": 1})
    sandbox.advance(1)
    assert (await api("setWebhook", url="https://b.example"))["description"] == "Webhook was set"
    info = (await api("getWebhookInfo"))["result"]
    assert (info["url"], info["max_connections"]) == ("https://b.example", 40)
    assert (info["pending_update_count"], info["allowed_updates"]) == (0, ["message"])
    assert "webhook is active" in (await api("getUpdates"))["description"]


async def test_a_chats_updates_wait_for_one_another_and_other_chats_do_not(
    api: Api, sandbox: Sandbox, cast: Cast, hook: Hook
) -> None:
    sandbox.add_user("Борис", id=555)
    hook.answers["busy"] = [web.Response(status=503, headers={"Retry-After": "1"})]
    await api("setWebhook", url=hook.url, allowed_updates=["message"])
    for text in ("hold", "after"):
        sandbox.send(555, 555, text)
    for text in ("busy", "behind"):
        sandbox.send(cast.anna, cast.anna, text)
    await sandbox.wait_until(lambda: "behind" in hook.heard)
    assert hook.heard == ["hold", "busy", "busy", "behind"]
    info = (await api("getWebhookInfo"))["result"]
    assert info["pending_update_count"] == 2
    assert info["last_error_message"] == "Wrong response from the webhook: 503 Service Unavailable"
    hook.held.set()
    await sandbox.wait_until(lambda: not len(sandbox.bot().updates))
    assert hook.heard[-1] == "after"


async def test_what_was_not_taken_is_there_for_polling_and_goes_after_a_day(
    api: Api, sandbox: Sandbox, cast: Cast, hook: Hook
) -> None:
    hook.answers["lost"] = [web.Response(status=500) for _ in range(9)]
    await api("setWebhook", url=hook.url, allowed_updates=["message"])
    sandbox.send(cast.anna, cast.anna, "lost")
    await sandbox.wait_until(lambda: len(hook.heard) == 2)
    await api("deleteWebhook")
    assert [each["message"]["text"] for each in (await api("getUpdates"))["result"]] == ["lost"]
    sandbox.advance(86_401)
    assert (await api("getWebhookInfo"))["result"]["pending_update_count"] == 0
