"""A bot, people and chats in a sandbox, and a plain way to call its Bot API."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator, Awaitable
from dataclasses import dataclass
from typing import Any, Protocol

import aiohttp
import pytest

from bot.sandbox import Sandbox

TOKEN = "42:" + "a" * 35
BOT = 42


class Api(Protocol):
    """Calls a method and returns the whole envelope."""

    def __call__(self, method: str, **params: Any) -> Awaitable[dict[str, Any]]: ...


@dataclass(frozen=True)
class Cast:
    """Who and what is there at the start of a test."""

    anna: int  # has started the bot
    boris: int  # has not
    group: int
    supergroup: int
    channel: int
    forum: int


@pytest.fixture
async def http() -> AsyncIterator[aiohttp.ClientSession]:
    async with aiohttp.ClientSession() as session:
        yield session


@pytest.fixture
def cast(sandbox: Sandbox) -> Cast:
    """The bot is a member of the group and supergroup, and administers the channel and the forum."""
    sandbox.add_bot(TOKEN, "vestnik_bot", "Vestnik")
    anna = sandbox.add_user("Анна", language_code="ru")["id"]
    boris = sandbox.add_user("Boris", language_code="en")["id"]
    sandbox.send(anna, anna, "/start")
    chats = {
        kind: sandbox.add_chat(kind, title=kind, creator=anna, members=[boris, BOT])["id"]
        for kind in ("group", "supergroup", "channel")
    }
    forum = sandbox.add_chat("supergroup", title="forum", creator=anna, is_forum=True)["id"]
    sandbox.set_member(forum, BOT, "administrator")
    sandbox.bot().updates.clear()
    return Cast(anna, boris, forum=forum, **chats)


@pytest.fixture
def api(sandbox: Sandbox, http: aiohttp.ClientSession, cast: Cast) -> Api:
    async def call(method: str, **params: Any) -> dict[str, Any]:
        fields = {k: v if isinstance(v, str) else json.dumps(v) for k, v in params.items()}
        async with http.post(f"{sandbox.url}/bot{TOKEN}/{method}", data=fields) as response:
            answer: dict[str, Any] = await response.json()
            assert response.status == answer.get("error_code", 200)
            return answer

    return call
