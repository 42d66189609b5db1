"""An SQLite file as the origin or the target of a move, over one connection that keeps everybody else out."""

from __future__ import annotations

import os
import sqlite3
from collections.abc import AsyncIterator, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from sqlalchemy import Table

from bot.log import phrase
from bot.model.errors import SetupError
from bot.store.newsroom.search.stems import Stems
from bot.store.transfer.layout import numbered, serves_once, tables
from bot.store.transfer.rows import Form, Row
from bot.store.transfer.vector import canonical, stems_of

AT_ONCE = 1000
"""How many rows are in memory at a time."""


class SqliteSide:
    """A file's rows, read and written over one connection."""

    fits_postgres = False

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._db = connection

    async def rows(self, form: Form, *, ordered: bool = False) -> AsyncIterator[Row]:
        """Return the rows of a table; the key's order is that of the bytes."""
        asked = f"SELECT {_names(form.columns)} FROM {_quoted(form.name)}"  # noqa: S608
        if ordered:
            asked += f" ORDER BY {_names(form.key)}"
        for raw in self._some(asked):
            yield form.from_sqlite(raw)

    async def stems(self) -> AsyncIterator[Row]:
        """Return the index of full text as PostgreSQL would have it."""
        asked = "SELECT place, stems FROM search_entry WHERE stems IS NOT NULL ORDER BY place"
        for place, stems in self._some(asked):
            yield [place, canonical(Stems.unpack(stems).vector())]

    async def numbers(self) -> dict[str, int]:
        """Return the last number that was given to a row, by table."""
        given = dict(self._db.execute("SELECT name, seq FROM sqlite_sequence"))
        return {
            each.name: given.get(each.name, 0) or self._largest(each) for each in tables() if numbered(each)
        }

    async def fill(self, form: Form, rows: AsyncIterator[Row]) -> None:
        """Write all rows of a table."""
        into = f"INSERT INTO {_quoted(form.name)} ({_names(form.columns)})"
        statement = f"{into} VALUES ({', '.join('?' * len(form.columns))})"
        async for some in _batches(rows):
            with _said(form.name):
                self._db.executemany(statement, [form.for_sqlite(row) for row in some])

    async def fill_stems(self, rows: AsyncIterator[Row]) -> None:
        """Give SQLite's index each story, and its entry what SQLite must be told again to forget the story."""
        async for some in _batches(rows):
            made = [(place, stems_of(vector)) for place, vector in some]
            self._db.executemany(
                "INSERT INTO search_text (rowid, headline, lead, body) VALUES (:place, :headline, :lead, :body)",
                [{"place": place, **stems.columns()} for place, stems in made],
            )
            self._db.executemany(
                "UPDATE search_entry SET stems = ? WHERE place = ?",
                [(stems.pack(), place) for place, stems in made],
            )

    async def set_numbers(self, numbers: dict[str, int]) -> None:
        """Let no number serve twice, where that matters; elsewhere SQLite goes on behind the largest."""
        for each in tables():
            if serves_once(each) and (last := numbers.get(each.name)):
                self._db.execute("DELETE FROM sqlite_sequence WHERE name = ?", (each.name,))
                self._db.execute("INSERT INTO sqlite_sequence (name, seq) VALUES (?, ?)", (each.name, last))

    async def finish(self) -> None:
        """Commit, and hold that the file is whole."""
        self._db.execute("COMMIT")
        self.look_whole()
        indexed, entries = (
            self._db.execute(f"SELECT count(*) FROM {table}").fetchone()[0]  # noqa: S608
            for table in ("search_text_docsize", "search_entry WHERE stems IS NOT NULL")
        )
        if indexed != entries:
            raise SetupError(f"search_text: {indexed} stories are in the index, and {entries} should be")

    def look_whole(self) -> None:
        """Raise SetupError where SQLite finds the file damaged, or a row refers to what is not there."""
        (said,) = self._db.execute("PRAGMA quick_check(1)").fetchone()
        if said != "ok":
            raise SetupError(f"the SQLite file is damaged: {phrase(said)}")
        if missing := self._db.execute("PRAGMA foreign_key_check").fetchone():
            table, number, parent, _ = missing
            row = "a row" if number is None else f"row {number}"
            raise SetupError(f"{table}: {row} refers to a {parent} that is not there")

    def _largest(self, table: Table) -> int:
        (column,) = table.primary_key.columns
        asked = f"SELECT max({_quoted(column.name)}) FROM {_quoted(table.name)}"  # noqa: S608
        return int(self._db.execute(asked).fetchone()[0] or 0)

    def _some(self, statement: str) -> Iterator[Sequence[Any]]:
        cursor = self._db.execute(statement)
        while some := cursor.fetchmany(AT_ONCE):
            yield from some


@contextmanager
def held(file: Path) -> Iterator[SqliteSide]:
    """Yield a file to read, which nobody else can open for as long. Raises SetupError where somebody has it open."""
    db = sqlite3.connect(f"{file.absolute().as_uri()}?mode=rw", timeout=0, isolation_level=None, uri=True)
    try:
        try:
            db.execute("PRAGMA locking_mode = EXCLUSIVE")
            # A checkpoint at the end is the next start's.
            db.execute("BEGIN EXCLUSIVE")
        except sqlite3.OperationalError:
            raise SetupError(f"{file} is in use: stop the bot, then move") from None
        side = SqliteSide(db)
        side.look_whole()
        yield side
        db.execute("ROLLBACK")
    finally:
        db.close()


@contextmanager
def filled(file: Path) -> Iterator[SqliteSide]:
    """Yield a migrated file to fill, of which nothing is kept where this is broken off."""
    db = sqlite3.connect(file, isolation_level=None)
    try:
        for pragma in (
            "journal_mode = OFF",
            "synchronous = OFF",
            "foreign_keys = OFF",
            "locking_mode = EXCLUSIVE",
        ):
            db.execute(f"PRAGMA {pragma}")
        db.execute("BEGIN")
        yield SqliteSide(db)
        db.execute("PRAGMA locking_mode = NORMAL")
        db.execute("PRAGMA journal_mode = WAL")
    finally:
        db.close()
    with file.open("rb") as written:
        os.fsync(written.fileno())


async def _batches(rows: AsyncIterator[Row]) -> AsyncIterator[list[Row]]:
    some: list[Row] = []
    async for row in rows:
        some.append(row)
        if len(some) == AT_ONCE:
            yield some
            some = []
    if some:
        yield some


@contextmanager
def _said(table: str) -> Iterator[None]:
    try:
        yield
    except sqlite3.Error as error:
        raise SetupError(f"{table} could not be written: {error}") from None


def _quoted(name: str) -> str:
    return f'"{name}"'


def _names(columns: Sequence[str]) -> str:
    return ", ".join(map(_quoted, columns))
