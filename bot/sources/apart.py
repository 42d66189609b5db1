"""Reads a big feed in a process of its own: it can be ended at any time, and holds up nothing here."""

from __future__ import annotations

import asyncio
import os
import sys
from pathlib import Path
from typing import Any

import orjson

from bot.sources.article_json import dump_item, read_story
from bot.sources.feed import parse_feed
from bot.sources.item import Item, SourceError

SECONDS = 20.0
# What is smaller is read in a thread, sooner than a process has started.
_AT_HAND = 300_000
# Nothing else of the environment, and so no secret, is handed on. Windows can't start a program without the first.
_ENVIRONMENT = {name: os.environ[name] for name in ("SYSTEMROOT",) if name in os.environ}
_ENVIRONMENT["PYTHONPATH"] = str(Path(__file__).parents[2])


async def read_feed(body: bytes, content_type: str, url: str, *, seconds: float = SECONDS) -> list[Item]:
    """Return a feed's items, as `parse_feed` does. Raises SourceError, also where it takes too long."""
    try:
        async with asyncio.timeout(seconds):
            if len(body) <= _AT_HAND:
                return await asyncio.to_thread(parse_feed, body, content_type, url)
            return await _in_a_process(body, content_type, url)
    except TimeoutError:
        raise SourceError("too-slow", f"it can't be read within {seconds:g} s") from None


async def _in_a_process(body: bytes, content_type: str, url: str) -> list[Item]:
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-P", "-m", "bot.sources.apart", content_type, url),
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.DEVNULL,
        env=_ENVIRONMENT,
    )
    try:
        answer, _ = await process.communicate(body)
    finally:
        if process.returncode is None:
            process.kill()
            await process.wait()
    if process.returncode:
        raise SourceError("too-much", "reading it took more than it may take")
    return await asyncio.to_thread(_taken, answer)


def _taken(answer: bytes) -> list[Item]:
    """Return what the process told, a line an item: each is read so soon that other threads can go on."""
    items: list[Item] = []
    for line in answer.splitlines():
        told: Any = orjson.loads(line)
        if "reason" in told:
            raise SourceError(told["reason"], told["detail"])
        items.append(read_story(told))
    return items


def _main(content_type: str, url: str) -> None:
    try:
        told: list[Any] = [dump_item(item) for item in parse_feed(sys.stdin.buffer.read(), content_type, url)]
    except SourceError as error:
        told = [{"reason": error.reason, "detail": error.detail}]
    sys.stdout.buffer.writelines(orjson.dumps(each) + b"\n" for each in told)


if __name__ == "__main__":
    _main(*sys.argv[1:3])
