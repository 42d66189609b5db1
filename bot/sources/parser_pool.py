"""Parsers: processes of their own that read what strangers wrote. Each can be ended at any moment.

A thread can't be ended, and a pattern that runs in it holds the interpreter's lock: nothing else of the bot would run,
not even its end. A parser stays for the next task, so that a small feed does not pay for the start of a process.
"""

from __future__ import annotations

import asyncio
import os
import sys
import time
from asyncio.subprocess import DEVNULL, PIPE, Process
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Self

import orjson

from bot.sources.formats.article_json import read_story
from bot.sources.item import Item, SourceError, Told

AT_ONCE = 2
"""How many parsers there are at most. A second one starts where the first is busy."""

SECONDS, CPU_SECONDS = 20.0, 8
"""How long a task may take, and how much processor time: a busy machine is no reason to refuse a feed."""

MEMORY = 768 * 1024 * 1024
"""The most bytes of memory for a parser. A valid feed of 10 MB takes about 160 MB."""

BIG_BODY, MOST_TASKS = 1_000_000, 500
"""After a body of so many bytes, or after so many tasks, another parser takes over: memory is not given back."""

IDLE_SECONDS = 300.0
"""A parser that nobody needed for so long is ended."""

MOST_ANSWERED = 64 * 1024 * 1024

# Nothing else of the environment, and so no secret, is handed on. Windows can't start a program without the first.
_ENVIRONMENT = {name: os.environ[name] for name in ("SYSTEMROOT",) if name in os.environ}
_ENVIRONMENT["PYTHONPATH"] = str(Path(__file__).parents[2])


@dataclass(slots=True)
class _Parser:
    process: Process
    tasks: int = 0
    idle_since: float = field(default_factory=time.monotonic)


class ParserPool:
    """Reads feeds and files in at most two parsers; an async context manager. No process starts before the first task.

    Of `seconds` (of the clock), `cpu_seconds` and `memory` (bytes) a task may take so much.
    """

    def __init__(
        self, *, seconds: float = SECONDS, cpu_seconds: int = CPU_SECONDS, memory: int = MEMORY
    ) -> None:
        self._seconds = seconds
        self._limits = (str(memory), str(cpu_seconds))
        self._free = asyncio.Semaphore(AT_ONCE)
        self._idle: list[_Parser] = []
        self._busy: list[_Parser] = []

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.close()

    async def close(self) -> None:
        """End all parsers, whatever they do."""
        parsers = self._idle + self._busy
        self._idle.clear()
        for each in parsers:
            await _end(each.process)

    async def feed(self, body: bytes, content_type: str, url: str) -> list[Item]:
        """Return the items of `told`."""
        return (await self.told(body, content_type, url)).items

    async def told(self, body: bytes, content_type: str, url: str) -> Told:
        """Return what a feed told, as `read_feed` does. Raises SourceError, also where that takes too much."""
        return await self._run({"feed": True, "name": url, "content_type": content_type}, body)

    async def stories(self, name: str, body: bytes, content_type: str = "") -> list[Item]:
        """Return the stories of a file or a page, as `read_stories` does. Raises SourceError like `feed`."""
        return (await self._run({"feed": False, "name": name, "content_type": content_type}, body)).items

    async def document(self, name: str, body: bytes) -> Told:
        """Return the stories of a file that a person hands over; `lost` are the pictures that were left out of it."""
        return await self._run({"feed": False, "document": True, "name": name, "content_type": ""}, body)

    async def _run(self, task: dict[str, Any], body: bytes) -> Told:
        message = orjson.dumps({**task, "size": len(body)}) + b"\n" + body
        try:
            async with self._free, asyncio.timeout(self._seconds):
                answer = await self._answer(message, len(body))
        except TimeoutError:
            raise SourceError("too-slow", f"it can't be read within {self._seconds:g} s") from None
        except (EOFError, OSError, ValueError):
            # The parser was ended by the system at one of its bounds.
            raise SourceError("too-much", "reading it took more than it may take") from None
        return await asyncio.to_thread(_items, answer)

    async def _answer(self, message: bytes, size: int) -> bytes:
        waited = False
        try:
            async with self._parser(size) as parser:
                waited = parser.tasks > 0
                return await _exchange(parser.process, message)
        except (EOFError, OSError, ValueError):
            if not waited:
                raise
        # A parser that waited may have been ended from outside meanwhile: another one gets the task, once.
        async with self._parser(size) as parser:
            return await _exchange(parser.process, message)

    @asynccontextmanager
    async def _parser(self, size: int) -> AsyncIterator[_Parser]:
        """Lend a parser; it is kept only where its task came to an end."""
        while self._idle and self._idle[-1].process.returncode is not None:
            self._idle.pop()
        parser = self._idle.pop() if self._idle else _Parser(await self._start())
        self._busy.append(parser)
        kept = False
        try:
            yield parser
            parser.tasks += 1
            kept = size < BIG_BODY and parser.tasks < MOST_TASKS
        finally:
            self._busy.remove(parser)
            if kept:
                await self._keep(parser)
            else:
                await _end(parser.process)

    async def _keep(self, parser: _Parser) -> None:
        now = parser.idle_since = time.monotonic()
        self._idle.append(parser)
        # The last one to be kept is the first to be lent: who is needed no more lies at the bottom.
        while now - self._idle[0].idle_since > IDLE_SECONDS:
            await _end(self._idle.pop(0).process)

    async def _start(self) -> Process:
        command = (sys.executable, "-P", "-m", "bot.sources.parser", *self._limits)
        return await asyncio.create_subprocess_exec(
            *command, stdin=PIPE, stdout=PIPE, stderr=DEVNULL, env=_ENVIRONMENT
        )


async def _exchange(process: Process, message: bytes) -> bytes:
    assert process.stdin is not None
    assert process.stdout is not None
    process.stdin.write(message)
    await process.stdin.drain()
    size = int(await process.stdout.readline())
    if size > MOST_ANSWERED:
        raise ValueError("too long an answer")
    return await process.stdout.readexactly(size)


async def _end(process: Process) -> None:
    if process.returncode is None:
        with suppress(ProcessLookupError):
            process.kill()
        await process.wait()


def _items(answer: bytes) -> Told:
    """Return what a parser told, a line an item: each is read so soon that other threads can go on."""
    items: list[Item] = []
    for line in answer.splitlines():
        told: Any = orjson.loads(line)
        if "reason" in told:
            raise SourceError(told["reason"], told["detail"])
        if "lost" in told:
            return Told(items, told["lost"])
        items.append(read_story(told))
    raise ValueError("half an answer")
