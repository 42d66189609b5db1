"""The bot as processes of its own, a sandbox in place of Telegram."""

from __future__ import annotations

import asyncio
import os
import signal
import sys
from collections import Counter
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from bot.model.chat import ChatKind
from bot.sandbox import Sandbox
from bot.store import bots, chats, topics
from bot.store.database import open_database, writes
from bot.store.migrate import migrate

ROOT = Path(__file__).parents[2]
BOT_ID, FIRST_READER = 700700, 1000
TOKEN = f"{BOT_ID}:" + "T" * 35
STORY = """Мост через Светлую открыли для движения

Первые машины прошли по нему утром.

ЛУГОРЕЧЕНСК (Вестник Долины). Новый мост через реку Светлую открыли для движения.
"""
SECONDS = 40


class Process:
    """A running `python -m bot COMMAND`, and all that it said; it is read on, so that it never waits for us."""

    def __init__(self, process: asyncio.subprocess.Process) -> None:
        self.process = process
        self.lines: list[str] = []
        self._looked_at = 0
        self._said = asyncio.Event()
        self._reading = asyncio.create_task(self._read())

    async def _read(self) -> None:
        assert self.process.stdout is not None
        while line := (await self.process.stdout.readline()).decode():
            self.lines.append(line)
            self._said.set()
        self._said.set()

    async def said(self, words: str) -> str:
        """Wait for a line after the last one found that holds the words, and return it."""
        async with asyncio.timeout(SECONDS):
            while True:
                self._said.clear()
                ended = self._reading.done()
                for line in self.lines[self._looked_at :]:
                    self._looked_at += 1
                    if words in line:
                        return line
                if ended:
                    raise AssertionError("".join(self.lines))
                await self._said.wait()

    async def ended(self) -> tuple[int | None, str]:
        """Wait for its end; return its code and all that it said."""
        async with asyncio.timeout(SECONDS):
            await self._reading
            await self.process.wait()
        return self.process.returncode, "".join(self.lines)

    def kill(self) -> None:
        """End it at once: it finishes nothing."""
        os.kill(self.process.pid, signal.SIGKILL)

    def stop(self) -> None:
        """Ask it to end."""
        self.process.send_signal(signal.SIGTERM)


class Sent:
    """Counts, call by call, how often a story came to each chat."""

    def __init__(self, sandbox: Any) -> None:
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
        kept = {name: os.environ[name] for name in ("PATH", "HOME", "LANG") if name in os.environ}
        process = await asyncio.create_subprocess_exec(
            sys.executable,
            *("-m", "bot", *words),
            cwd=self.folder,
            env=kept | {"PYTHONPATH": str(ROOT)} | self.settings | settings,
            stdin=asyncio.subprocess.DEVNULL,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.STDOUT,
        )
        self.processes.append(Process(process))
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
                joined, _ = await chats.join(
                    tx, BOT_ID, number, ChatKind.PRIVATE, "", "ru", "Europe/Moscow", now
                )
                await chats.subscribe(tx, joined.id, world, now)

        await joining(db)
        await db.close()

    async def publish(self) -> None:
        """Publish a story to those who follow the topic."""
        (self.folder / "story.txt").write_text(STORY, encoding="utf-8")
        code, said = await self.ran("import", "story.txt", "--topic", "world", "--publish")
        assert code == 0, said


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
        if one.process.returncode is None:
            one.kill()
            await one.ended()
