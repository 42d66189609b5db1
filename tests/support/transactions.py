"""Transactions in tests: one call in one transaction, a database that counts them, and how their connections end."""

from __future__ import annotations

import asyncio
import functools
from collections.abc import Awaitable, Callable
from contextlib import AbstractAsyncContextManager
from typing import Any, Concatenate, ParamSpec, TypeVar

from bot.store.engine.database import Database, Transaction

P = ParamSpec("P")
T = TypeVar("T")


def reads(
    function: Callable[Concatenate[Transaction, P], Awaitable[T]],
) -> Callable[Concatenate[Database, P], Awaitable[T]]:
    """Return the function of a transaction as one of a database, which only reads."""

    @functools.wraps(function)
    async def reading(db: Database, /, *args: P.args, **kwargs: P.kwargs) -> T:
        async with db.read() as tx:
            return await function(tx, *args, **kwargs)

    return reading


def writes(
    function: Callable[Concatenate[Transaction, P], Awaitable[T]],
) -> Callable[Concatenate[Database, P], Awaitable[T]]:
    """Return the function of a transaction as one of a database, which writes."""

    @functools.wraps(function)
    async def writing(db: Database, /, *args: P.args, **kwargs: P.kwargs) -> T:
        async with db.write() as tx:
            return await function(tx, *args, **kwargs)

    return writing


class CountingDatabase(Database):
    """Counts the transactions that were begun on another database: how many only read, and how many write."""

    def __init__(self, db: Database) -> None:
        super().__init__(db.writer, db.reader, db.url)
        self.reads = self.writes = 0

    def read(self) -> AbstractAsyncContextManager[Transaction, None]:
        """Count a transaction that only reads."""
        self.reads += 1
        return super().read()

    def write(
        self, *, durable: bool = False, checked: bool = True
    ) -> AbstractAsyncContextManager[Transaction, None]:
        """Count a transaction that writes."""
        self.writes += 1
        return super().write(durable=durable, checked=checked)


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
