"""A picture of figures, before it is drawn: few marks, large words."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum


class ChartKind(StrEnum):
    """How figures are drawn."""

    COLUMNS = "columns"
    """One beside the other in time; a second series hangs below the line."""
    BARS = "bars"
    """One below the other, the name above each."""
    CURVE = "curve"
    """From nothing to everybody: `values` are shares in per cent, `at` the seconds."""


@dataclass(frozen=True, slots=True)
class Series:
    """Values of one colour. `shown` is how each is written; `at` are the seconds of a curve's values."""

    name: str
    values: Sequence[float]
    shown: Sequence[str] = ()
    at: Sequence[float] = ()


@dataclass(frozen=True, slots=True)
class Chart:
    """What is drawn. `labels` name the columns or bars, an empty one none; those of a curve stand at the seconds `at`.

    `note` stands below in small letters.
    """

    kind: ChartKind
    title: str
    labels: Sequence[str]
    series: Sequence[Series]
    at: Sequence[float] = ()
    note: str = ""
