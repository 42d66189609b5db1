"""Many numbers as one parameter or in one row, so that plans are the same for any count; rows as a text."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import orjson
from sqlalchemy import BigInteger, ColumnElement, ScalarSelect, Select, Text, bindparam, func, select
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.engine import Dialect
from sqlalchemy.ext.asyncio import AsyncConnection
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.functions import FunctionElement
from sqlalchemy.types import TypeDecorator, TypeEngine


class Numbers(TypeDecorator[Sequence[int]]):
    """A list of numbers: JSON on SQLite, an array on PostgreSQL."""

    impl = Text
    cache_ok = True

    def load_dialect_impl(self, dialect: Dialect) -> TypeEngine[Any]:
        """Return the type that the database takes."""
        return Text() if dialect.name == "sqlite" else ARRAY(BigInteger)

    def process_bind_param(self, value: Sequence[int] | None, dialect: Dialect) -> Any:
        """Return the numbers as the database takes them."""
        return orjson.dumps(value).decode() if dialect.name == "sqlite" else value

    def process_result_value(self, value: Any, dialect: Dialect) -> list[int] | None:
        """Return the numbers as they were kept."""
        return list(orjson.loads(value)) if isinstance(value, str) else value


class _each(FunctionElement[int]):  # noqa: N801 (a SQL function)
    inherit_cache = True
    type = BigInteger()


@compiles(_each, "sqlite")
def _each_on_sqlite(element: _each, compiler: Any, **options: Any) -> str:
    return f"(SELECT value FROM json_each({compiler.process(element.clauses, **options)}))"  # noqa: S608


@compiles(_each, "postgresql")
def _each_on_postgresql(element: _each, compiler: Any, **options: Any) -> str:
    return f"(SELECT unnest({compiler.process(element.clauses, **options)}))"


def among(column: ColumnElement[int], name: str) -> ColumnElement[bool]:
    """Return whether a column is one of the numbers that are handed in as the parameter `name`."""
    return column.bool_op("IN")(_each(bindparam(name, type_=Numbers())))


def among_kept(column: ColumnElement[int], numbers: ScalarSelect[Any]) -> ColumnElement[bool]:
    """Return whether a column is one of the numbers that one row keeps; False where there is no such row."""
    return column.bool_op("IN")(_each(numbers))


class joined(FunctionElement[str]):  # noqa: N801 (a SQL function)
    """The texts of a group with commas between them, in no order."""

    inherit_cache = True
    type = Text()


@compiles(joined, "sqlite")
def _on_sqlite(element: joined, compiler: Any, **options: Any) -> str:
    return f"group_concat({compiler.process(element.clauses, **options)})"


@compiles(joined, "postgresql")
def _on_postgresql(element: joined, compiler: Any, **options: Any) -> str:
    return f"string_agg({compiler.process(element.clauses, **options)}, ',')"


class PackedRows:
    """A statement whose columns are numbers and texts alone: SQLite hands its rows out as one text.

    Its driver takes the interpreter's lock for every row, and waits for it while another thread computes.
    """

    def __init__(self, statement: Select[Any]) -> None:
        found = statement.subquery("found")
        self._plain = statement
        self._packed = select(func.json_group_array(func.json_array(*found.c))).select_from(found)

    async def all(self, tx: AsyncConnection, values: Mapping[str, Any]) -> Sequence[Sequence[Any]]:
        """Return the rows, in the statement's order."""
        if tx.dialect.name != "sqlite":
            return list((await tx.execute(self._plain, values)).all())
        rows: list[list[Any]] = orjson.loads((await tx.execute(self._packed, values)).scalar_one())
        return rows
