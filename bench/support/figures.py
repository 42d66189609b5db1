"""What a measurement hands back, and how it is shown."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class Figure:
    """One figure as it was seen, beside its baseline of the same run and the aim. `met` is None where none is set."""

    what: str
    figure: str
    baseline: str = ""
    aim: str = ""
    met: bool | None = None

    def row(self) -> tuple[str, ...]:
        """Return the cells of its row."""
        mark = {True: "yes", False: "**no**", None: ""}[self.met]
        return self.what, self.figure, self.baseline, self.aim, mark

    def plain(self) -> dict[str, Any]:
        """Return it as JSON takes it."""
        return asdict(self)


HEAD = ("what", "figure", "baseline in the same run", "aim", "met")


def as_text(figures: Sequence[Figure]) -> str:
    """Return a table for a terminal."""
    rows = [HEAD, *(each.row() for each in figures)]
    widths = [max(len(row[at]) for row in rows) for at in range(len(HEAD))]
    return "\n".join(
        "  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)) for row in rows
    )


def as_markdown(figures: Sequence[Figure]) -> str:
    """Return a table for a document."""
    rows = [HEAD, ("---",) * len(HEAD), *(each.row() for each in figures)]
    return "\n".join(f"| {' | '.join(row)} |" for row in rows)
