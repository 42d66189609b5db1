"""Runs `draw.py`, one at a time, so that neither the bot's start nor its memory bears what draws."""

from __future__ import annotations

import asyncio
import json
import os
import sys
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path

from bot.media.child_process import answer_of
from bot.model.errors import MediaError
from bot.model.figures.chart import Chart

_PROGRAM = str(Path(__file__).with_name("draw.py"))
# -I: the program sees neither the environment's settings nor the folder that it lies in.
_COMMAND = (sys.executable, "-I", _PROGRAM)
# Nothing else of the environment, and so no secret, is handed on. One thread: a picture needs no more.
_KEPT = ("SYSTEMROOT", "MPLCONFIGDIR")
"""The second is where matplotlib keeps its list of fonts, for a user whose home can't be written."""

_ENVIRONMENT = {name: os.environ[name] for name in _KEPT if name in os.environ} | {
    "OPENBLAS_NUM_THREADS": "1"
}
SECONDS = 30.0
"""More than a busy machine needs for the first start, which looks through the system's fonts."""

MOST = 6
"""How many pictures may be asked for at once."""


class ChartWorker:
    """Draws pictures of figures, as PNG."""

    def __init__(self) -> None:
        self._free = asyncio.Semaphore(1)

    async def draw(self, charts: Sequence[Chart]) -> list[bytes]:
        """Return a PNG for each of the charts, 1080 pixels wide. Raises MediaError where that fails."""
        if not charts:
            return []
        asked = json.dumps([asdict(each) for each in charts[:MOST]]).encode()
        async with self._free:
            answer = await answer_of(_COMMAND, asked, environment=_ENVIRONMENT, seconds=SECONDS)
        first, _, rest = answer.partition(b"\n")
        try:
            lengths: list[int] = json.loads(first)
        except ValueError:
            raise MediaError("broken") from None
        made, begins = [], 0
        for length in lengths:
            made.append(rest[begins : begins + length])
            begins += length
        return made
