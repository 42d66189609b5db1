"""Rows of any table, made up from what the database says of its columns: a new table needs nothing of its own."""

from __future__ import annotations

import random
from collections import defaultdict
from collections.abc import Mapping
from typing import Any

from sqlalchemy import (
    JSON,
    Boolean,
    Column,
    Connection,
    LargeBinary,
    MetaData,
    SmallInteger,
    String,
    Table,
    select,
)
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.dialects.postgresql import ARRAY

from bot.store.engine.schema import metadata

LEFT_OUT = ("alembic_version", "search_entry")
"""Alembic's own, and the entries of an index that would know nothing of them."""

SAYS: dict[tuple[str, str], Any] = {
    ("article", "status"): "draft",
    ("alert_match", "conditions"): "[1, 22, 333]",
    ("chat", "digest_times"): "540:127 1080:31",
    ("chat", "digest_minute"): 540,
    ("chat", "digest_also"): None,
    ("chat", "kind"): "private",
    ("chat", "state"): "active",
    ("chat", "zone"): "Asia/Bishkek",
    ("topic", "names"): {"en": "World"},
    ("feed", "cursor"): {},
    ("revision", "picture"): None,
    ("staff", "rights"): ["write"],
    ("editor", "name"): "Анна",
}
"""What must make sense to whoever reads it; with its type where the database has no such type."""

WORDS = ("Мост открыт", "a 'quoted' \"word\"", "line\nline", "tab\t\\back", "🌉 bridge", "", "%s :name ${x}")


class Filler:
    """Writes rows into every table of a connection, whichever tables there are at its revision."""

    def __init__(self, seed: int, *, nul: bool = False) -> None:
        self._chance = random.Random(seed)
        self._nul = nul
        self._number = 1_000 * (seed + 1)

    def fill(self, connection: Connection, rows: int = 3) -> dict[str, int]:
        """Write that many rows into each table where there is room for them; return how many each table has."""
        found = MetaData()
        found.reflect(connection)
        tables = [each for each in found.sorted_tables if not each.name.startswith(("search_", *LEFT_OUT))]
        insert = (sqlite if connection.dialect.name == "sqlite" else postgresql).insert
        keys: dict[str, list[Mapping[str, Any]]] = defaultdict(list)
        for table in tables:
            for _ in range(rows):
                values = self._values(table, keys)
                if values is not None:
                    connection.execute(insert(table).values(values).on_conflict_do_nothing())
            kept = select(*table.primary_key.columns)
            keys[table.name] = list(map(dict, connection.execute(kept).mappings()))
        return {name: len(there) for name, there in keys.items()}

    def _values(self, table: Table, keys: Mapping[str, list[Mapping[str, Any]]]) -> dict[str, Any] | None:
        made: dict[str, Any] = {}
        for column in table.columns:
            if column.foreign_keys:
                (key,) = column.foreign_keys
                parents = keys[key.column.table.name]
                if not parents and not column.nullable:
                    return None
                made[column.name] = self._chance.choice(parents)[key.column.name] if parents else None
            else:
                made[column.name] = self._value(column)
        return made

    def _value(self, column: Column[Any]) -> Any:
        table = column.table.name
        if (table, column.name) in SAYS:
            said = SAYS[table, column.name]
            return [1, 22, 333] if isinstance(column.type, ARRAY) else said
        known = metadata.tables[table].columns.get(column.name) if table in metadata.tables else None
        if known is not None and (enum := getattr(known.type, "enum", None)):
            return self._chance.choice(list(enum)).value
        if column.nullable and not column.primary_key and self._chance.random() < 0.3:
            return None
        self._number += 1
        if isinstance(column.type, JSON):
            return self._chance.choice(([], ["world", "Мир"], []))
        if isinstance(column.type, Boolean):
            return self._chance.random() < 0.5
        if isinstance(column.type, LargeBinary):
            return b"\x00\xff" * 4
        if isinstance(column.type, String):
            return self._text(column.type.length)
        return self._number % 30_000 if isinstance(column.type, SmallInteger) else self._number

    def _text(self, length: int | None) -> str:
        nul = "\0" if self._nul and self._chance.random() < 0.5 else ""
        return f"{self._number}{nul}{self._chance.choice(WORDS)}"[: length or 200]
