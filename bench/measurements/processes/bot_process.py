"""The bot as processes of its own, as an operator starts them."""

from __future__ import annotations

import asyncio
import os
import signal
import sys
from collections.abc import Mapping
from pathlib import Path


class BotProcess:
    """A command that runs; what it says is read line by line."""

    def __init__(self, process: asyncio.subprocess.Process) -> None:
        self._process = process

    @classmethod
    async def start(cls, folder: Path, settings: Mapping[str, str], *words: str) -> BotProcess:
        """Start `python -m bot` with those words and settings, and nothing of the machine's own."""
        kept = {name: os.environ[name] for name in ("PATH", "HOME", "LANG") if name in os.environ}
        root = Path(__file__).parents[3]
        process = await asyncio.create_subprocess_exec(
            sys.executable,
            *("-m", "bot", *words),
            cwd=folder,
            env={**kept, "PYTHONPATH": str(root), **settings},
            stdout=asyncio.subprocess.DEVNULL,
            stderr=asyncio.subprocess.PIPE,
        )
        return cls(process)

    async def said(self, words: str, seconds: float = 60) -> None:
        """Wait until a line has the words."""
        assert self._process.stderr
        async with asyncio.timeout(seconds):
            while words not in (line := (await self._process.stderr.readline()).decode()):
                if not line:
                    raise EOFError(f"ended before it said {words!r}")

    @property
    def cpu_seconds(self) -> float:
        """How much processor time it has taken (proc(5), fields 14 and 15 of stat)."""
        fields = Path(f"/proc/{self._process.pid}/stat").read_text().rpartition(")")[2].split()
        return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")

    def signal(self, number: signal.Signals) -> None:
        """Send it a signal."""
        self._process.send_signal(number)

    async def end(self) -> None:
        """End it at once, where it runs, and wait until it has ended."""
        if self._process.returncode is None:
            # One that was frozen hears nothing else.
            self._process.kill()
        await self._process.communicate()
