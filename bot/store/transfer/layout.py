"""Which tables a move copies, in which order, and what stands in their columns."""

from __future__ import annotations

from enum import Enum
from typing import Any

from sqlalchemy import JSON, BigInteger, Boolean, Column, Integer, LargeBinary, SmallInteger, String, Table
from sqlalchemy.types import TypeDecorator

from bot.store.all_tables import metadata
from bot.store.engine.array_param import Numbers

SEARCH = "search_text"
"""The index of full text, which is each database's own."""

OWN = ("alembic_version", "unfinished_move")
"""Tables of which each database keeps its own."""


class Kind(Enum):
    """What a column holds, whatever the database calls it. JSON is text: both databases keep it as it was written."""

    WHOLE = "a whole number"
    SWITCH = "true or false"
    TEXT = "text"
    BYTES = "bytes"
    NUMBERS = "a list of numbers"


_KINDS: tuple[tuple[type[Any], Kind], ...] = (
    (Boolean, Kind.SWITCH),
    (Integer, Kind.WHOLE),
    (JSON, Kind.TEXT),
    (String, Kind.TEXT),
    (LargeBinary, Kind.BYTES),
)

_BITS: tuple[tuple[type[Any], int], ...] = ((SmallInteger, 16), (BigInteger, 64), (Integer, 32))


def kind_of(column: Column[Any]) -> Kind:
    """Return what a column holds. Raises TypeError for a type that no move has been taught."""
    if isinstance(column.type, Numbers):
        return Kind.NUMBERS
    kept = _kept(column)
    for known, kind in _KINDS:
        if isinstance(kept, known):
            return kind
    raise TypeError(f"{column}: a move does not know what {column.type!r} holds")


def bits_of(column: Column[Any]) -> int:
    """Return how many bits PostgreSQL has for a whole number."""
    kept = _kept(column)
    return next(bits for known, bits in _BITS if isinstance(kept, known))


def most_characters(column: Column[Any]) -> int | None:
    """Return how long a text PostgreSQL takes; None: any."""
    kept = _kept(column)
    return kept.length if isinstance(kept, String) else None


def tables() -> list[Table]:
    """Return every table, each behind those that it refers to."""
    return list(metadata.sorted_tables)


def columns_of(table: Table) -> list[Column[Any]]:
    """Return the columns that are copied. SQLite alone keeps the stems of a search entry there."""
    return [each for each in table.columns if (table.name, each.name) != ("search_entry", "stems")]


def numbered(table: Table) -> bool:
    """Return whether the database numbers the table's rows by itself."""
    return table.autoincrement_column is not None


def serves_once(table: Table) -> bool:
    """Return whether no number of a row may ever serve twice, also where its row is gone."""
    return bool(table.dialect_options["sqlite"]["autoincrement"])


def _kept(column: Column[Any]) -> Any:
    found: Any = column.type
    while isinstance(found, TypeDecorator):
        found = found.impl_instance
    return found
