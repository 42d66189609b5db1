"""A process that a test starts, listens to and ends."""

from __future__ import annotations

import asyncio
import multiprocessing
import os
import shutil
import signal
import sys
import tempfile
import time
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from multiprocessing.process import BaseProcess
from pathlib import Path
from typing import Protocol

from tests.support.paths import ROOT

SECONDS = 90
OURS = (sys.executable, "-m", "bot")


class Running(Protocol):
    """What of a process is asked: asyncio's own, and a fork of ours."""

    pid: int
    stdout: asyncio.StreamReader | None

    @property
    def returncode(self) -> int | None: ...

    async def wait(self) -> int: ...

    def send_signal(self, signal: int, /) -> None: ...


class Process:
    """A running command, and all that it said; its output is read on, so that it never waits for us."""

    def __init__(self, process: Running) -> None:
        self._process = process
        self.lines: list[str] = []
        self._looked_at = 0
        self._said = asyncio.Event()
        self._reading = asyncio.create_task(self._read())

    @property
    def pid(self) -> int:
        return self._process.pid

    @property
    def running(self) -> bool:
        return self._process.returncode is None

    async def _read(self) -> None:
        assert self._process.stdout is not None
        while line := (await self._process.stdout.readline()).decode():
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
            await self._process.wait()
        return self._process.returncode, "".join(self.lines)

    def kill(self) -> None:
        """End it at once: it finishes nothing."""
        os.kill(self.pid, signal.SIGKILL)

    def stop(self) -> None:
        """Ask it to end."""
        self._process.send_signal(signal.SIGTERM)

    def pause(self) -> None:
        """Let it do nothing at all, until `go_on`."""
        os.kill(self.pid, signal.SIGSTOP)

    def go_on(self) -> None:
        """Let it do again what it did."""
        os.kill(self.pid, signal.SIGCONT)

    def interrupt(self) -> None:
        """Press Ctrl-C."""
        self._process.send_signal(signal.SIGINT)


async def started(*command: str, folder: Path, environment: dict[str, str] | None = None) -> Process:
    """Start a command in a folder; of our own environment it has what any program needs, and what is given."""
    kept = {name: os.environ[name] for name in ("PATH", "HOME", "LANG") if name in os.environ}
    return Process(
        await asyncio.create_subprocess_exec(
            *command,
            cwd=folder,
            env=kept | (environment or {}),
            stdin=asyncio.subprocess.DEVNULL,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.STDOUT,
        )
    )


@asynccontextmanager
async def demo(*options: str, language: str = "en") -> AsyncIterator[Process]:
    """Run `python -m bot demo` for as long as the block lasts."""
    async with until_done(
        await started(*OURS, "demo", "--language", language, *options, folder=ROOT)
    ) as process:
        yield process


@asynccontextmanager
async def until_done(process: Process) -> AsyncIterator[Process]:
    """Hand a process over, and see it ended when the block is done."""
    try:
        yield process
    finally:
        if process.running:
            process.stop()
        await process.ended()


_FORKS = multiprocessing.get_context("forkserver")
_FORKS.set_forkserver_preload(["tests.support.processes.warm"])
"""Brings processes that have imported the bot already: a start by itself takes seconds of a core for that alone."""


class _Fork:
    """A process as asyncio's own, that began as a fork."""

    def __init__(self, process: BaseProcess, stdout: asyncio.StreamReader) -> None:
        self._process, self.stdout = process, stdout
        assert process.pid is not None
        self.pid: int = process.pid

    @property
    def returncode(self) -> int | None:
        return self._process.exitcode

    async def wait(self) -> int:
        await asyncio.to_thread(self._process.join)
        assert self._process.exitcode is not None
        return self._process.exitcode

    def send_signal(self, signal: int, /) -> None:
        os.kill(self.pid, signal)


async def forked(*words: str, folder: Path, environment: Mapping[str, str]) -> Process:
    """Start `python -m bot` with these words in a folder, like `started`, without the time that imports take."""
    pipe = Path(tempfile.mkdtemp(dir=folder)) / "said"
    os.mkfifo(pipe)
    reading = os.open(pipe, os.O_RDONLY | os.O_NONBLOCK)
    stdout = asyncio.StreamReader()
    # The end of what it says is known by the last writer's end; until it writes, this one stands in.
    writing = os.open(pipe, os.O_WRONLY)
    loop = asyncio.get_running_loop()
    await loop.connect_read_pipe(
        lambda: asyncio.StreamReaderProtocol(stdout), os.fdopen(reading, "rb", buffering=0)
    )
    kept = {name: os.environ[name] for name in ("PATH", "HOME", "LANG") if name in os.environ}
    process = _FORKS.Process(target=_run, args=(words, str(folder), str(pipe), kept | dict(environment)))
    try:
        process.start()
        # It says so where it has opened its end.
        await stdout.readexactly(1)
    finally:
        os.close(writing)
    shutil.rmtree(pipe.parent)
    return Process(_Fork(process, stdout))


def _run(words: Sequence[str], folder: str, pipe: str, environment: Mapping[str, str]) -> None:
    os.chdir(folder)
    os.environ.clear()
    os.environ.update(environment)
    time.tzset()
    said = os.open(pipe, os.O_WRONLY)
    os.dup2(said, 1)
    os.dup2(said, 2)
    os.close(said)
    os.write(1, b" ")
    from bot import __main__

    sys.argv = [__main__.__file__, *words]
    sys.exit(__main__.main(words))


class Lives:
    """One bot, of which one process at most is alive. Its log is `bot.log` in the folder."""

    def __init__(self, folder: Path, settings: Mapping[str, str]) -> None:
        self._folder, self._settings = folder, dict(settings)
        self._process: BaseProcess | None = None

    @property
    def log(self) -> str:
        """All that the bot wrote."""
        file = self._folder / "bot.log"
        return file.read_text(encoding="utf-8") if file.exists() else ""

    def begin(self, **settings: str) -> None:
        """Start the bot, with further settings for this life."""
        self._process = _FORKS.Process(
            target=_live, args=(str(self._folder), self._settings | settings), daemon=True
        )
        self._process.start()

    async def kill(self) -> None:
        """End the bot at once: it finishes nothing."""
        if self._process is not None:
            self._process.kill()
            await asyncio.to_thread(self._process.join)
        self._process = None

    async def stop(self) -> int | None:
        """Ask the bot to end, and return its exit code when it has ended."""
        assert self._process is not None
        process, self._process = self._process, None
        process.terminate()
        await asyncio.to_thread(process.join)
        return process.exitcode


def _live(folder: str, settings: Mapping[str, str]) -> None:
    os.chdir(folder)
    os.environ.update(settings)
    log = os.open("bot.log", os.O_WRONLY | os.O_CREAT | os.O_APPEND)
    os.dup2(log, 1)
    os.dup2(log, 2)
    from bot.commands.run import run

    run()
