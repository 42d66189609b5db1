"""A bot to which updates are brought, a sandbox that brings them, and whoever else knocks at the same door."""

from __future__ import annotations

import io
from collections.abc import AsyncIterator
from dataclasses import dataclass
from typing import Any

import aiohttp
import pytest

from bot.sandbox import Sandbox
from bot.store.engine.database import Database
from bot.updates.webhook.address import HookAddress, address_of
from bot.web.webhook import HEADER
from tests.support.servers.ports import free_port
from tests.support.world import TOKEN, World, settings_for

RATES = {"global_rate": 1000, "chat_rate": 1000, "chat_burst": 100, "group_rate": 60_000}


def hooked(sandbox: Sandbox, db: Database, **options: Any) -> World:
    """Return a newsroom whose bot listens at a port of this machine."""
    port = free_port()
    base = f"http://127.0.0.1:{port}"
    settings = settings_for(sandbox, webhook_url=base, web_port=port, **{**RATES, **options})
    return World(sandbox, db, settings)


def address(room: World) -> HookAddress:
    """Return the webhook of a newsroom's bot."""
    return address_of(TOKEN, room.settings.webhook_url)


@pytest.fixture
async def room(sqlite_db: Database, sandbox: Sandbox) -> AsyncIterator[World]:
    """A bot that listens by its webhook."""
    world = hooked(sandbox, sqlite_db)
    await world.prepare()
    async with world.listening():
        await sandbox.wait_until(lambda: sandbox.bot().webhook is not None)
        yield world


@dataclass
class Stranger:
    """Somebody with a program of their own, at the bot's address."""

    http: aiohttp.ClientSession
    url: str
    secret: str

    async def post(self, body: bytes, **headers: str | None) -> int:
        """Post as Telegram does, but for the headers given (None: without one); return the status."""
        usual: dict[str, str | None] = {"Content-Type": "application/json", HEADER: self.secret}
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        sent = {name: value for name, value in (usual | named).items() if value is not None}
        skipped = [name for name, value in (usual | named).items() if value is None]
        async with self.http.post(
            self.url, data=io.BytesIO(body), headers=sent, skip_auto_headers=skipped
        ) as answer:
            await answer.read()
            return answer.status


@pytest.fixture
async def stranger(room: World) -> AsyncIterator[Stranger]:
    """Who knows even the path and the secret."""
    async with aiohttp.ClientSession() as http:
        yield Stranger(http, address(room).url, address(room).secret)
