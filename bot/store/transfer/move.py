"""Copies a whole database into one of the other kind, and compares every row of both before the copy counts."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass, field

from bot.model.errors import SetupError
from bot.store.transfer.difference import differences
from bot.store.transfer.layout import SEARCH, serves_once, tables
from bot.store.transfer.rows import Form, Row, TableSum, digest_of
from bot.store.transfer.side import Origin, Target
from bot.store.transfer.vector import renumbered


@dataclass(frozen=True, slots=True)
class MovedTable:
    """A table that was copied: how many rows it has on both sides and their sum, the same on both."""

    name: str
    rows: int
    total: str
    nul: dict[str, int] = field(default_factory=dict)
    """In how many rows NUL was left out of a text, by column."""


class Running:
    """A sum that grows with the rows that pass."""

    def __init__(self, digest: Callable[[Row], int] = digest_of) -> None:
        self.sum = TableSum()
        self._digest = digest

    async def over(
        self, rows: AsyncIterator[Row], fit: Callable[[Row], Row] | None = None
    ) -> AsyncIterator[Row]:
        """Hand the rows on, made fit, and add them up as they leave."""
        async for row in rows:
            one = fit(row) if fit else row
            self.sum = self.sum.add(self._digest(one))
            yield one


async def move(origin: Origin, target: Target, told: Callable[[MovedTable], None]) -> None:
    """Fill the target, read it back, and let it count; `told` hears of each table that is the same on both sides.

    Raises SetupError, which names tables and rows, where something can't be copied or came out otherwise.
    """
    for table in tables():
        told(await _move_table(Form.of(table), origin, target))
    told(await _move_stems(origin, target))
    numbers = await origin.numbers()
    await target.set_numbers(numbers)
    reached = await target.numbers()
    # SQLite goes on behind the largest number that is there, where nothing minds.
    minded = {each.name for each in tables() if target.fits_postgres or serves_once(each)}
    if behind := [name for name in minded & set(numbers) if reached[name] < numbers[name]]:
        raise SetupError(f"{', '.join(behind)}: new rows would get numbers that were given before")
    await target.finish()


async def _move_table(form: Form, origin: Origin, target: Target) -> MovedTable:
    before = Running()
    fit = form.for_postgres if target.fits_postgres else None
    await target.fill(form, before.over(origin.rows(form), fit))
    nul = dict(form.nul)
    after = await _sum(target.rows(form))
    if before.sum != after:
        named = await differences(form, origin, target)
        raise SetupError("\n".join(named or [f"{form.name}: the rows differ after the move"]))
    return MovedTable(form.name, after.rows, str(after), nul)


async def _move_stems(origin: Origin, target: Target) -> MovedTable:
    before = Running(_digest_of_stems)
    await target.fill_stems(before.over(origin.stems()))
    after = await _sum(target.stems(), _digest_of_stems)
    if before.sum != after:
        raise SetupError(f"{SEARCH}: what was copied of {before.sum.rows} stories came out otherwise")
    return MovedTable(SEARCH, after.rows, str(after))


def _digest_of_stems(row: Row) -> int:
    place, vector = row
    return digest_of([place, renumbered(vector)])


async def _sum(rows: AsyncIterator[Row], digest: Callable[[Row], int] = digest_of) -> TableSum:
    counted = Running(digest)
    async for _ in counted.over(rows):
        pass
    return counted.sum
