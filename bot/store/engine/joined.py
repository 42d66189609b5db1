"""Many short rows as one text: what belongs to one row comes along with it."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Text
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.functions import FunctionElement


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
