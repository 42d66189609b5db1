"""Writes tables as lines: narrow tables aligned in fixed width, wide ones as a list."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable

from bot.model.story.content import Cell, Table, Text, plain
from bot.rendering.text.spans import clean, escape

_WIDEST = 32  # characters of fixed width that a narrow phone shows in one line
_NUMBER = re.compile(r"[\s.,%+\-−–—$€₽£/:()]*+\d[\s\d.,%+\-−–—$€₽£/:()]*+")


def table_lines(
    table: Table, inline: Callable[[Text], str], *, aligned: bool = True
) -> tuple[bool, list[str]]:
    """Return whether the lines are aligned (and need fixed width), and the lines as HTML.

    `inline` writes a cell's text; without `aligned` even a narrow table becomes a list.
    """
    grid = [_spread(row) for row in table.rows if row]
    linked = any(run.href for row in table.rows for cell in row for run in cell.text)
    words = [[_words(cell) for cell in row] for row in grid]
    widths = _widths(words)
    fits = sum(widths) + 2 * (len(widths) - 1) <= _WIDEST
    if aligned and fits and not linked:
        return True, [escape(line) for line in _aligned(words, widths)]
    return False, _listed(grid, inline)


def _spread(row: tuple[Cell, ...]) -> list[Cell]:
    """Return a cell for each column: one that spans several is followed by empty ones."""
    spread: list[Cell] = []
    for cell in row:
        spread.append(cell)
        spread += [Cell((), cell.header)] * (min(cell.columns, 20) - 1)
    return spread


def _words(cell: Cell) -> str:
    return " ".join(clean(plain(cell.text)).split())


def _widths(rows: list[list[str]]) -> list[int]:
    columns = max(map(len, rows), default=0)
    return [max((_width(row[at]) for row in rows if at < len(row)), default=0) for at in range(columns)]


def _width(text: str) -> int:
    wide = sum(unicodedata.east_asian_width(sign) in "WF" for sign in text)
    return len(text) + wide - sum(unicodedata.combining(sign) > 0 for sign in text)


def _aligned(rows: list[list[str]], widths: list[int]) -> list[str]:
    numeric = [
        all(_NUMBER.fullmatch(row[at]) for row in rows[1:] if at < len(row) and row[at])
        for at in range(len(widths))
    ]
    return ["  ".join(map(_padded, row, widths, numeric)).rstrip() for row in rows]


def _padded(text: str, width: int, right: bool) -> str:
    blank = " " * (width - _width(text))
    return blank + text if right else text + blank


def _listed(grid: list[list[Cell]], inline: Callable[[Text], str]) -> list[str]:
    """Return a line per row; the header's words stand before the values of each."""
    if not grid:
        return []
    headed = len(grid) > 1 and len(grid[0]) > 1 and all(cell.header for cell in grid[0])
    if not headed:
        return [" · ".join(filter(None, (inline(cell.text) for cell in row))) for row in grid]
    heads = [inline(cell.text) for cell in grid[0]]
    lines = [" · ".join(filter(None, heads))]
    for row in grid[1:]:
        cells = [inline(cell.text) for cell in row]
        named = [
            f"{head}: {cell}" if head else cell
            for head, cell in zip(heads[1:] + [""] * len(cells), cells[1:], strict=False)
            if cell
        ]
        first = f"<b>{cells[0]}</b>" if cells[0] else ""
        lines.append(f"• {'; '.join(filter(None, [first, *named]))}")
    return lines
