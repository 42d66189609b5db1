"""Watches the SQLite file: what is written to a file that was moved or replaced would be lost with the next start."""

from __future__ import annotations

import asyncio
from pathlib import Path

SECONDS = 2.0


async def until_gone(path: Path, seconds: float = SECONDS) -> None:
    """Return when the file at the path is missing, or is no longer the file that stood there at the call."""
    at_first = _identity(path)
    while at_first is not None and _identity(path) == at_first:  # noqa: ASYNC110 (a file system tells nobody)
        await asyncio.sleep(seconds)


def _identity(path: Path) -> tuple[int, int] | None:
    try:
        found = path.stat()
    except FileNotFoundError:
        return None
    return found.st_dev, found.st_ino
