"""The bot's own process: started, started again when it dies, stopped."""

from __future__ import annotations

import asyncio
import sys
import time
from asyncio.subprocess import DEVNULL, PIPE, STDOUT, Process
from collections.abc import Callable, Mapping
from contextlib import suppress
from pathlib import Path

STOP_SECONDS = 10.0
LIVES_AT_LEAST = 10.0  # seconds; a life shorter than that is a failed start
FAILED_STARTS = 3  # in a row, then it is given up
REST_SECONDS = 1.0
LAST_WORDS = 12  # lines
_TAIL = 8_000  # bytes of output kept


class GaveUp(Exception):
    """The process died shortly after each of three starts."""


async def keep_running(
    environment: Mapping[str, str], folder: Path, died: Callable[[int, list[str]], None]
) -> None:
    """Run the bot in `folder` until cancelled, and start it again when it dies.

    `died` gets the exit code and the last lines of output. Raises GaveUp after three failed starts.
    """
    failed = 0
    while True:
        began = time.monotonic()
        code, words = await _run(environment, folder)
        died(code, words)
        failed = failed + 1 if time.monotonic() - began < LIVES_AT_LEAST else 0
        if failed == FAILED_STARTS:
            raise GaveUp
        await asyncio.sleep(REST_SECONDS)


async def _run(environment: Mapping[str, str], folder: Path) -> tuple[int, list[str]]:
    # A session of its own, so that Ctrl-C reaches the demo alone, which then stops the bot in order.
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        *("-m", "bot", "run"),
        cwd=folder,
        env=environment,
        stdin=DEVNULL,
        stdout=PIPE,
        stderr=STDOUT,
        start_new_session=True,
    )
    assert process.stdout is not None
    tail = b""
    try:
        while chunk := await process.stdout.read(4096):
            tail = (tail + chunk)[-_TAIL:]
        code = await process.wait()
    finally:
        await _end(process)
    return code, tail.decode(errors="replace").splitlines()[-LAST_WORDS:]


async def _end(process: Process) -> None:
    if process.returncode is not None:
        return
    with suppress(ProcessLookupError):
        process.terminate()
    try:
        await asyncio.wait_for(process.communicate(), STOP_SECONDS)
    except TimeoutError:
        with suppress(ProcessLookupError):
            process.kill()
        await process.communicate()
