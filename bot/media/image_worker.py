"""Runs `image_fit.py` on pictures, two at a time, each in a process of its own."""

from __future__ import annotations

import asyncio
import json
import os
import sys
from pathlib import Path

from bot.media.child_process import answer_of
from bot.model.errors import MediaError

_PROGRAM = str(Path(__file__).with_name("image_fit.py"))
# -I: the program sees neither the environment's settings nor the folder that it lies in.
_COMMAND = (sys.executable, "-I", _PROGRAM)
# Windows can't start a program without it. Nothing else of the environment, and so no secret, is handed on.
_ENVIRONMENT = {name: os.environ[name] for name in ("SYSTEMROOT",) if name in os.environ}
AT_ONCE = 2
SECONDS = 20.0
"""More than the program's own limit of processor time: a busy machine is no reason to drop a picture."""


class ImageWorker:
    """Makes pictures fit for Telegram's photos."""

    def __init__(self) -> None:
        self._free = asyncio.Semaphore(AT_ONCE)

    async def fit(self, content: bytes, *, force: bool = False) -> tuple[str, bytes | None]:
        """Return a file name, and the new picture; None where Telegram takes the picture unchanged.

        `force` makes a new picture in any case. Raises MediaError where no photo can be made.
        """
        async with self._free:
            told, made = await _run(content, force)
        if "name" not in told:
            raise MediaError(told.get("unfit", "broken"))
        return told["name"], made or None


async def _run(content: bytes, force: bool) -> tuple[dict[str, str], bytes]:
    command = (*_COMMAND, *(("--force",) if force else ()))
    answer = await answer_of(command, content, environment=_ENVIRONMENT, seconds=SECONDS)
    first, _, made = answer.partition(b"\n")
    try:
        told: dict[str, str] = json.loads(first)
    except ValueError:
        raise MediaError("broken") from None  # it ran out of memory, or of its time
    return told, made
