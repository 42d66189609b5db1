"""One newsroom that speaks as two bots: in Russian of everything, and in English of the world."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from pydantic import SecretStr

from bot.app import App
from bot.sandbox import Sandbox
from bot.store.engine.database import Database
from tests.journeys.newsroom.conftest import NEWSROOM
from tests.support.people import People, as_seen_by
from tests.support.world import TOKEN, World, settings_for

WORLD_BOT = 800800
KEY = "k" * 32
WORLD_TOKEN = f"{WORLD_BOT}:" + "W" * 35

TOPICS = NEWSROOM[: NEWSROOM.index("[[feed]]")]
BOTS = """
[[bot]]
languages = ["ru"]

[[bot]]
token = "WORLD_TOKEN"
name = "Valley World"
language = "en"
languages = ["en"]
topics = ["world"]
"""


class TwoBots(World):
    """The running bots; people here talk with the first, and those of `world` with the second."""

    app: App
    world: People

    async def begin(self) -> None:
        """Start both."""
        self.app = await self.whole()


@pytest.fixture
async def two(
    db: Database, sandbox: Sandbox, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> AsyncIterator[TwoBots]:
    """Both bots, and people who have not begun with either."""
    monkeypatch.setenv("WORLD_TOKEN", WORLD_TOKEN)
    sandbox.add_bot(TOKEN, "vestnik_bot", "Вестник")
    sandbox.add_bot(WORLD_TOKEN, "world_bot", "World")
    file = tmp_path / "newsroom.toml"
    file.write_text(TOPICS + BOTS, encoding="utf-8")
    rates = {"global_rate": 1000, "chat_rate": 100, "group_rate": 1000}
    running = TwoBots(
        sandbox, db, settings_for(sandbox, newsroom_file=file, subscriptions_key=SecretStr(KEY), **rates)
    )
    running.world = People(as_seen_by(sandbox, WORLD_BOT))
    running.arrive()
    await running.begin()
    yield running
    await running.app.stop()
