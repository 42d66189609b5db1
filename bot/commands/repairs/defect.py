"""Something that is out of order, and what may safely be done about it."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Defect:
    """What was found: its name and a sentence.

    `mend` does what `does` says, and raises OSError or a database's error where it can't; None where nothing is safe
    to do. What is not `wrong` hinders nobody, or a start sees to it.
    """

    name: str
    says: str
    does: str = ""
    mend: Callable[[], Awaitable[None]] | None = None
    wrong: bool = False
