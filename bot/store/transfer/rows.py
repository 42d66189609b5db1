"""A row in one form for both databases, and the sum by which two tables are compared.

The form is made by the same code on both sides, so that only a difference between the rows makes another sum.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Sequence
from typing import Any, NamedTuple

import orjson
from sqlalchemy import Column, Table

from bot.model.errors import SetupError
from bot.store.transfer.layout import Kind, bits_of, columns_of, kind_of, most_characters

Row = list[Any]
"""A row's values in the order of its columns: int, bool, str, bytes, a list of int, or None."""

_DIGEST_BYTES = 16


class TableSum(NamedTuple):
    """How many rows a table has, and the sum of their digests, in which their order does not count."""

    rows: int = 0
    total: int = 0

    def add(self, digest: int) -> TableSum:
        """Return the sum with one more row."""
        return TableSum(self.rows + 1, (self.total + digest) % (1 << 8 * _DIGEST_BYTES))

    def __str__(self) -> str:
        return f"{self.total:032x}"


def digest_of(row: Row) -> int:
    """Return a row's digest."""
    packed = orjson.dumps(row, default=bytes.hex)
    return int.from_bytes(hashlib.blake2b(packed, digest_size=_DIGEST_BYTES).digest(), "big")


class Form:
    """How the rows of one table are read from SQLite, and made fit for PostgreSQL."""

    def __init__(self, name: str, columns: Sequence[Column[Any]], key: Sequence[str]) -> None:
        self.name = name
        self.columns = [each.name for each in columns]
        self.key = list(key)
        self.texts = [each.name for each in columns if kind_of(each) is Kind.TEXT]
        self.nul: dict[str, int] = {}
        self._kept = list(columns)
        self._places = [self.columns.index(each) for each in key]
        self._read = [(at, _READ[kind_of(each)]) for at, each in enumerate(columns)]
        self._write = [
            (at, _WRITE[kind]) for at, each in enumerate(columns) if (kind := kind_of(each)) in _WRITE
        ]
        self._fit = [(at, self._fitter(each)) for at, each in enumerate(columns)]

    @classmethod
    def of(cls, table: Table) -> Form:
        """Return the form of a table's rows."""
        return cls(table.name, columns_of(table), [each.name for each in table.primary_key.columns])

    def key_of(self, row: Row) -> tuple[Any, ...]:
        """Return the row's key."""
        return tuple(row[at] for at in self._places)

    def shown(self, row: Row) -> str:
        """Return the row's name for people."""
        return " ".join(f"{name}={value!r}" for name, value in zip(self.key, self.key_of(row), strict=True))

    def from_sqlite(self, raw: Sequence[Any]) -> Row:
        """Return a row as SQLite has it. Raises SetupError for what a column should not hold."""
        row = list(raw)
        for at, read in self._read:
            value = row[at]
            if value is not None and (made := read(value)) is not value:
                if made is None:
                    column = self._kept[at]
                    raise SetupError(
                        f"{self.name} {self.shown(row)}: {column.name} holds {type(value).__name__}, "
                        f"and should hold {kind_of(column).value}"
                    )
                row[at] = made
        return row

    def for_sqlite(self, row: Row) -> Row:
        """Return a row as SQLite takes it."""
        made = list(row)
        for at, write in self._write:
            if made[at] is not None:
                made[at] = write(made[at])
        return made

    def for_postgres(self, row: Row) -> Row:
        """Return a row as PostgreSQL can hold it: NUL is left out of texts, and counted.

        Raises SetupError for a text that is too long and a number that is too large.
        """
        made = list(row)
        for at, fit in self._fit:
            value = made[at]
            if value is not None:
                try:
                    made[at] = fit(value)
                except ValueError as error:
                    raise SetupError(
                        f"{self.name} {self.shown(row)}: {self.columns[at]} {error}: mend the row, then move again"
                    ) from None
        return made

    def _fitter(self, column: Column[Any]) -> Callable[[Any], Any]:
        kind = kind_of(column)
        if kind is Kind.WHOLE:
            most = 1 << (bits_of(column) - 1)
            return lambda value: _whole(value, most)
        if kind is not Kind.TEXT:
            return lambda value: value
        longest = most_characters(column)

        def fit(value: str) -> str:
            if "\0" in value:
                self.nul[column.name] = self.nul.get(column.name, 0) + 1
                value = value.replace("\0", "")
            if longest is not None and len(value) > longest:
                raise ValueError(f"has {len(value)} characters, and PostgreSQL takes {longest} there")
            return value

        return fit


def _whole(value: int, most: int) -> int:
    if not -most <= value < most:
        raise ValueError(f"is {value}, which is too large a number for PostgreSQL there")
    return value


def _switch(value: Any) -> Any:
    return bool(value) if value in (0, 1) else None


def _same(kind: type[Any]) -> Callable[[Any], Any]:
    return lambda value: value if type(value) is kind else None


def _numbers(value: Any) -> Any:
    return list(orjson.loads(value)) if isinstance(value, str) else None


_READ: dict[Kind, Callable[[Any], Any]] = {
    Kind.WHOLE: _same(int),
    Kind.TEXT: _same(str),
    Kind.BYTES: _same(bytes),
    Kind.SWITCH: _switch,
    Kind.NUMBERS: _numbers,
}
"""How a value that SQLite has is read; None where the column should not hold it."""

_WRITE: dict[Kind, Callable[[Any], Any]] = {
    Kind.SWITCH: int,
    Kind.NUMBERS: lambda value: orjson.dumps(value).decode(),
}
