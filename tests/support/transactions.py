"""Transactions in tests: a shorthand for one call in one transaction, and a database that counts its transactions."""

from __future__ import annotations

import functools
from collections.abc import Awaitable, Callable
from contextlib import AbstractAsyncContextManager
from typing import Concatenate, ParamSpec, TypeVar

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
