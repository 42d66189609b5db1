"""The bot as processes of its own, a sandbox in place of Telegram."""

from __future__ import annotations

from collections import Counter
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from bot.sandbox import Sandbox
from bot.store.engine.database import open_database
from bot.store.engine.migrate import migrate
from bot.store.newsroom import topics
from bot.store.operations import bots
from tests.support.deaths import damage, unwritten
from tests.support.process import Process, forked
from tests.support.readers import join as join_chat
from tests.support.transactions import writes

BOT_ID, FIRST_READER = 700700, 1000
TOKEN = f"{BOT_ID}:" + "T" * 35
STORY = """Мост через Светлую открыли для движения

Первые машины прошли по нему утром.

ЛУГОРЕЧЕНСК (Вестник Долины). Новый мост через реку Светлую открыли для движения.
"""


class Sent:
    """Counts, call by call, how often a story came to each chat."""

    def __init__(self, sandbox: Sandbox) -> None:
        self._sandbox = sandbox
        self._seen = 0
        self.counts: Counter[int] = Counter()

    @property
    def total(self) -> int:
        """How many sends took effect so far."""
        for call in self._sandbox.call_log.since(self._seen):
            self._seen = call.n + 1
            if call.method == "sendMessage" and call.status == 200:
                self.counts[call.chat_id] += 1
        return sum(self.counts.values())

    def reached(self, readers: int) -> bool:
        """Whether so many have it."""
        return self.total >= readers and len(self.counts) == readers


@dataclass
class Machine:
    """A folder, a sandbox and the processes that run on both."""

    folder: Path
    sandbox: Sandbox
    settings: dict[str, str]
    processes: list[Process] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.sent = Sent(self.sandbox)

    @property
    def database_url(self) -> str:
        return self.settings["DATABASE_URL"]

    async def start(self, *words: str, **settings: str) -> Process:
        """Start a command with the machine's settings and those given."""
        self.processes.append(await forked(*words, folder=self.folder, environment=self.settings | settings))
        return self.processes[-1]

    async def ran(self, *words: str, **settings: str) -> tuple[int | None, str]:
        """Run a command to its end; return its code and what it said."""
        return await (await self.start(*words, **settings)).ended()

    async def join(self, readers: int) -> None:
        """Let people have started the bot long ago, and follow the topic."""
        ids = range(FIRST_READER, FIRST_READER + readers)
        for number in ids:
            self.sandbox.add_user(f"Читатель {number}", id=number)
            self.sandbox.chat(number).started = True
        db = open_database(self.database_url)
        await migrate(db)

        @writes
        async def joining(tx: Any) -> None:
            now = datetime.now(UTC)
            await bots.put(tx, BOT_ID, "vestnik_bot", now)
            world = await topics.put(tx, "world", {"ru": "Мир", "en": "World"}, origin="file")
            for number in ids:
                await join_chat(tx, BOT_ID, number, now, world)

        await joining(db)
        await db.close()

    async def publish(self) -> None:
        """Publish a story to those who follow the topic."""
        (self.folder / "story.txt").write_text(STORY, encoding="utf-8")
        code, said = await self.ran("import", "story.txt", "--topic", "world", "--publish")
        assert code == 0, said

    async def in_doubt(self) -> list[int]:
        """Hold that a database that nobody writes to is whole; return the chats that may have a story or not."""
        db = open_database(self.database_url)
        async with db.read() as tx:
            assert await damage(tx) == []
            chats = [chat for chat, _ in await unwritten(tx)]
        await db.close()
        return chats


@pytest.fixture
async def machine(tmp_path: Path, sandbox: Sandbox) -> AsyncIterator[Machine]:
    """A machine with a newsroom of one topic."""
    sandbox.add_bot(TOKEN, "vestnik_bot", "Вестник")
    (tmp_path / "newsroom.toml").write_text(
        'name = "Вестник Долины"\n[[topic]]\nslug = "world"\n[topic.names]\nru = "Мир"\nen = "World"\n',
        encoding="utf-8",
    )
    settings: dict[str, Any] = {
        "BOT_TOKEN": TOKEN,
        "BOT_API_URL": sandbox.url,
        "DATABASE_URL": f"sqlite:///{tmp_path}/vestnik.db",
        "OWNER_IDS": "11",
    }
    made = Machine(tmp_path, sandbox, settings)
    yield made
    for one in made.processes:
        if one.running:
            one.kill()
            await one.ended()
