"""The whole bot, started and stopped."""

from __future__ import annotations

import asyncio

from pydantic import SecretStr

from bot.app import App
from bot.model.clock import Clock
from bot.sandbox import Sandbox
from bot.settings import Settings
from bot.store.database import Database

TOKEN = "700700:" + "T" * 35


async def test_a_stop_right_after_the_start_leaves_nothing_running(
    sqlite_db: Database, sandbox: Sandbox
) -> None:
    sandbox.add_bot(TOKEN, "vestnik_bot", "Вестник")
    settings = Settings(_env_file=None, bot_token=SecretStr(TOKEN), bot_api_url=sandbox.url)
    ours = asyncio.all_tasks()
    app = App(settings, sqlite_db, Clock())
    await app.start(asyncio.Event())
    await app.stop()
    left = map(repr, asyncio.all_tasks() - ours)
    assert [task for task in left if "bot/sandbox" not in task and "web_protocol" not in task] == []
