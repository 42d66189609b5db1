"""The tasks of the database's engine: they outlive whoever is cancelled, and end before their loop does."""

from __future__ import annotations

import asyncio
from typing import Any


def of_the_engine(task: asyncio.Task[Any]) -> bool:
    """Return whether a task gives a connection back, or moves the log: the database outlives the process.

    SQLAlchemy gives a connection back in a task of its own, so that whoever is cancelled meanwhile takes nothing
    along. Where that task is cancelled too the connection is lost, and with it SQLite's only writer.
    """
    return "Checkpoints" in repr(task) or _gives_back(task)


async def given_back() -> None:
    """Wait until every connection that is being given back is back: the end of a loop cancels all its tasks."""
    while giving := list(filter(_gives_back, asyncio.all_tasks())):
        await asyncio.wait(giving)


def _gives_back(task: asyncio.Task[Any]) -> bool:
    return any(name in repr(task) for name in ("AsyncConnection", "AsyncTransaction"))
