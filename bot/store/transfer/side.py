"""What a move asks of a database, whichever kind it is."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Protocol

from bot.store.transfer.rows import Form, Row


class Origin(Protocol):
    """A database that is read; nobody writes into it meanwhile."""

    def rows(self, form: Form, *, ordered: bool = False) -> AsyncIterator[Row]:
        """Return the rows of a table, a few in memory at a time; by key, bytes of texts compared, where `ordered`."""
        ...

    def stems(self) -> AsyncIterator[Row]:
        """Return the index of full text: a place, and the stems as PostgreSQL writes them."""
        ...

    async def numbers(self) -> dict[str, int]:
        """Return the last number that was given to a row, by table."""
        ...


class Target(Origin, Protocol):
    """A database that is filled, and can be read back before it counts."""

    fits_postgres: bool
    """Whether rows must be such as PostgreSQL can hold."""

    async def fill(self, form: Form, rows: AsyncIterator[Row]) -> None:
        """Write all rows of a table."""
        ...

    async def fill_stems(self, rows: AsyncIterator[Row]) -> None:
        """Write the index of full text, behind its entries."""
        ...

    async def set_numbers(self, numbers: dict[str, int]) -> None:
        """Let rows to come have greater numbers than these, by table."""
        ...

    async def finish(self) -> None:
        """Hold that all is whole, and let it count from now on."""
        ...
