"""The program of a parser: reads strangers' bytes into items, task after task, until its input ends.

A task is a line of JSON and `size` bytes. The answer is a line with its size, then a line of JSON for each item, and a
line that says how many items were left out.
`bot/sources/parser_pool.py` runs it.
"""

from __future__ import annotations

import os
import signal
import sys
import traceback
from pathlib import Path
from typing import Any, BinaryIO

import orjson

from bot.sources.formats.article_json import dump_item
from bot.sources.formats.feed import read_feed
from bot.sources.formats.files import read_document, read_stories
from bot.sources.item import SourceError, Told

TOO_MUCH = SourceError("too-much", "reading it took more than it may take")


def main(memory: int, cpu_seconds: int) -> None:
    """Answer tasks with so many bytes of memory, and so many seconds of processor time for each task."""
    for number in (signal.SIGINT, signal.SIGTERM):
        # Ctrl-C and a service manager mean the bot. The bot ends its parsers itself, and so does the end of the input.
        signal.signal(number, signal.SIG_IGN)
    tasks, answers = sys.stdin.buffer, sys.stdout.buffer
    # Whatever a library prints is no answer.
    sys.stdout = sys.stderr
    _limit_memory(memory)
    while task := tasks.readline():
        _limit_time(cpu_seconds)
        answer = _answer(tasks, orjson.loads(task))
        answers.write(b"%d\n" % len(answer) + answer)
        answers.flush()


def _answer(tasks: BinaryIO, task: dict[str, Any]) -> bytes:
    try:
        items, lost = _read(task, tasks.read(task["size"]))
        lines = [orjson.dumps(dump_item(item)) + b"\n" for item in items]
        return b"".join([*lines, orjson.dumps({"lost": lost}) + b"\n"])
    except SourceError as error:
        refused = error
    except (MemoryError, RecursionError):
        refused = TOO_MUCH
    except Exception as error:
        refused = SourceError("unforeseen", _place(error))
    return orjson.dumps({"reason": refused.reason, "detail": refused.detail}) + b"\n"


def _place(error: Exception) -> str:
    """Return the mistake's kind and the line of our code that met it; its words may be a stranger's."""
    last = traceback.extract_tb(error.__traceback__)[-1]
    return f"{type(error).__name__} at {Path(last.filename).name}:{last.lineno}"


def _read(task: dict[str, Any], body: bytes) -> Told:
    if task["feed"]:
        return read_feed(body, task["content_type"], task["name"])
    if task.get("document"):
        return read_document(task["name"], body)
    return Told(read_stories(task["name"], body, task["content_type"]))


def _limit_memory(most: int) -> None:
    """Bound the memory, and leave no core dump of a stranger's words. Windows has no such bounds."""
    if sys.platform != "win32":
        import resource

        resource.setrlimit(resource.RLIMIT_AS, (most, most))
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def _limit_time(seconds: int) -> None:
    """Let the system end this process after so many further seconds of processor time, whatever it is busy with."""
    if sys.platform != "win32":
        import resource

        used = os.times()
        _, hard = resource.getrlimit(resource.RLIMIT_CPU)
        resource.setrlimit(resource.RLIMIT_CPU, (int(used.user + used.system) + 1 + seconds, hard))


if __name__ == "__main__":
    main(int(sys.argv[1]), int(sys.argv[2]))
