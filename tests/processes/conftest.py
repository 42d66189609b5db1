"""The bot as processes of its own, a sandbox in place of Telegram."""

from __future__ import annotations

import asyncio
import os
import signal
import sys
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from bot.sandbox import Sandbox

ROOT = Path(__file__).parents[2]
TOKEN = "700700:" + "T" * 35
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


@dataclass
class Machine:
    """A folder, a sandbox and the processes that run on both."""

    folder: Path
    sandbox: Sandbox
    settings: dict[str, str]
    processes: list[Process] = field(default_factory=list)

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
