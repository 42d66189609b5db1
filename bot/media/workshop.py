"""Has pictures made fit, a few at a time, each in a process of its own."""

from __future__ import annotations

import asyncio
import json
import os
import sys
from pathlib import Path

from bot.model.errors import MediaError

_PROGRAM = str(Path(__file__).with_name("fitting.py"))
# -I: the program sees neither the environment's settings nor the folder that it lies in.
_COMMAND = (sys.executable, "-I", _PROGRAM)
# Windows can't start a program without it. Nothing else of the environment, and so no secret, is handed on.
_ENVIRONMENT = {name: os.environ[name] for name in ("SYSTEMROOT",) if name in os.environ}
AT_ONCE = 2
SECONDS = 20.0
"""More than the program allows itself of the processor: a busy machine is no reason to drop a picture."""


class Workshop:
    """Makes pictures fit for Telegram."""

    def __init__(self) -> None:
        self._free = asyncio.Semaphore(AT_ONCE)

    async def fit(self, content: bytes, *, force: bool = False) -> tuple[str, bytes | None]:
        """Return a file name for the picture, and the picture anew; None where it is good as it is.

        Raises MediaError where no photo can be made of it.
        """
        async with self._free:
            told, made = await _run(content, force)
        if "name" not in told:
            raise MediaError(told.get("unfit", "broken"))
        return told["name"], made or None


async def _run(content: bytes, force: bool) -> tuple[dict[str, str], bytes]:
    process = await asyncio.create_subprocess_exec(
        *_COMMAND,
        *(("--force",) if force else ()),
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.DEVNULL,
        env=_ENVIRONMENT,
    )
    try:
        async with asyncio.timeout(SECONDS):
            answer, _ = await process.communicate(content)
    except TimeoutError:
        raise MediaError("too-slow") from None
    finally:
        if process.returncode is None:
            process.kill()
            await process.wait()
    first, _, made = answer.partition(b"\n")
    try:
        told: dict[str, str] = json.loads(first)
    except ValueError:
        raise MediaError("broken") from None  # it ran out of memory, or of its time
    return told, made
